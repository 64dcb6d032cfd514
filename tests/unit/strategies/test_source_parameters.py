"""Parameters out of other people's programs, none of which runs."""

from textwrap import dedent

import pytest

from tradeworthy.strategies.source_modules import SourceText
from tradeworthy.strategies.source_parameters import SourceParameters, program_parameters

ENVIRONMENT = "comes from the environment or a configuration when the program runs"


def read(**files: str) -> SourceParameters:
    """Files by their names without .py; `__` stands for a folder."""
    return program_parameters(
        [SourceText(name.replace("__", "/") + ".py", dedent(text)) for name, text in files.items()]
    )


def found(**files: str) -> dict[str, dict[str, object]]:
    """Only the strategies."""
    return {one.name: dict(one.parameters) for one in read(**files).strategies}


def unread(**files: str) -> list[str]:
    """Only the sentences."""
    return [str(one) for one in read(**files).unread]


def test_defaults_of_init_in_every_form_are_read() -> None:
    assert found(
        MA_EUR_USD_strat="""
        ATR = 14
        class MA_EUR_USD_H4(Base):
            pair = "EUR_USD"
            def __init__(self, slow: int = 140, fast=40, /, other=None, *, atr_period=ATR, sl=2.0, wait=60 * 60, shift=-1):
                self.hold = 2 * 60
                self.slow = slow
                self.open_trades = 0
        """
    ) == {
        "MA_EUR_USD_H4": {
            "pair": "EUR_USD", "slow": 140, "fast": 40, "other": None, "atr_period": 14, "sl": 2.0, "wait": 3600, "shift": -1,
            "hold": 120,
        }
    }  # fmt: skip


def test_dataclass_fields_and_class_attributes_are_read() -> None:
    text = """
    from dataclasses import dataclass, field
    @dataclass
    class Cross:
        fast: int
        slow: int = 60
        stop_atr: float = field(default=1.5)
        tags: list = field(default_factory=list)
        MIN = 3
    class SmaCross(Strategy):
        n1 = 10
        n2 = 20
    """
    assert found(a=text) == {"Cross": {"MIN": 3, "slow": 60, "stop_atr": 1.5}, "SmaCross": {"n1": 10, "n2": 20}}
    assert unread(a=text) == [
        "a.py, line 5: Cross: fast has no default, so it was not read",
        "a.py, line 8: Cross: tags is a field without a default, so it was not read",
    ]


def test_freqtrade_and_backtrader_state_their_defaults_in_their_own_ways() -> None:
    assert found(
        ft="""
        class Ft(IStrategy):
            stoploss = -0.1
            minimal_roi = {"0": 0.04, "30": 0.02}
            buy_rsi = IntParameter(2, 50, default=14, space="buy")
            sell_rsi = DecimalParameter(2, 50, default=70.5)
            buy_params = {"buy_rsi": 30}
        class Bt(bt.Strategy):
            params = (("fast", 10), ("slow", 30))
        """
    ) == {
        "Ft": {"stoploss": -0.1, "minimal_roi.0": 0.04, "minimal_roi.30": 0.02, "buy_rsi": 30, "sell_rsi": 70.5},
        "Bt": {"fast": 10, "slow": 30},
    }


def test_a_table_of_strategies_may_hold_dictionaries_calls_classes_and_nested_tables() -> None:
    files = {
        "config": 'DEFAULTS = {"atr_period": 14, "min_rr": 1.5}',
        "lib__cross": """
        class Cross:
            def __init__(self, symbol, fast=5, slow=50, stop_atr=2.0): ...
        """,
        "bot": """
        from config import DEFAULTS
        from lib.cross import Cross
        STRATEGIES = {
            "plain": {**DEFAULTS, "slow": 160, "fast": 50, "risk": {"per_trade": 0.02}},
            "dict": dict(DEFAULTS, fast=3),
            "call": Cross("EUR_USD", 20, slow=60),
            "class": Cross,
            "tuple": (Cross, {"fast": 7}),
            "EUR_USD": {"H4": {"fast": 1, "slow": 2}, "D": {"fast": 3, "slow": 4}},
        }
        STRATEGIES["later"] = {"fast": 8}
        STRATEGIES.update({"last": {"fast": 9}})
        """,
    }
    assert found(**files) == {
        "plain": {"atr_period": 14, "min_rr": 1.5, "slow": 160, "fast": 50, "risk.per_trade": 0.02},
        "dict": {"atr_period": 14, "min_rr": 1.5, "fast": 3},
        "call": {"symbol": "EUR_USD", "fast": 20, "slow": 60, "stop_atr": 2.0},
        "class": {"fast": 5, "slow": 50, "stop_atr": 2.0},
        "tuple": {"fast": 7, "slow": 50, "stop_atr": 2.0},
        "EUR_USD_H4": {"fast": 1, "slow": 2},
        "EUR_USD_D": {"fast": 3, "slow": 4},
        "later": {"fast": 8},
        "last": {"fast": 9},
    }


def test_a_list_of_strategies_is_named_by_what_its_entries_say() -> None:
    assert list(found(
        a="""
        class MaEur:
            fast = 3
        strategies = [{"name": "one", "fast": 1}, {"symbol": "EUR_USD", "timeframe": "H4", "fast": 2}, MaEur(), {"fast": 4}]
        """
    )) == ["one", "EUR_USD_H4", "MaEur", "strategies[3]"]  # fmt: skip


def test_a_table_may_stand_in_a_class_or_on_self() -> None:
    text = """
    class Settings:
        STRATEGIES = {"a": {"fast": 1, "slow": 2}}
    class Bot:
        def __init__(self):
            self.strategies = {"b": {"fast": 3, "slow": 4}}
    """
    assert found(bot=text) == {"a": {"fast": 1, "slow": 2}, "b": {"fast": 3, "slow": 4}}


def test_a_dictionary_of_other_things_is_no_table() -> None:
    text = """
    COLOURS = {"up": {"r": 1}, "down": {"r": 2}}
    CONFIG = {"strategy": {"fast": 1, "slow": 2}, "risk": {"stop_atr": 3}}
    """
    assert found(bot=text) == {
        "bot": {
            "COLOURS.up.r": 1, "COLOURS.down.r": 2, "CONFIG.strategy.fast": 1, "CONFIG.strategy.slow": 2,
            "CONFIG.risk.stop_atr": 3,
        }
    }  # fmt: skip


def test_constants_are_a_strategy_named_after_the_file_unless_they_are_there_for_others() -> None:
    mql = "InpFastMA = 12\nInpSlowMA, StopLoss = 26, 50\nMagicNumber = 7\nInpFastMA += 1\n"
    assert found(MA_GBP=mql) == {"MA_GBP": {"InpFastMA": 13, "InpSlowMA": 26, "StopLoss": 50, "MagicNumber": 7}}
    assert list(found(shared="FAST = 3\nSLOW = 9", bot="import shared\nclass A:\n    fast = shared.FAST")) == ["A"]


def test_a_function_is_one_where_it_is_called_as_strategies_are() -> None:
    text = "def cross(history, symbol, fast=5, slow=20): ...\ndef sma(x, fast=3): ...\n"
    assert found(bot=text) == {"cross": {"fast": 5, "slow": 20}}


def test_what_a_class_hands_to_its_base_is_its_own_and_the_base_is_only_a_template() -> None:
    text = """
    class Base:
        atr_period = 14
        def __init__(self, slow, fast=10, stop_atr=2.0):
            self.size = 3
    class Eur(Base):
        def __init__(self, slow=140):
            super().__init__(slow, fast=40)
    class Gbp(Base):
        fast = 30
    class Own(Base):
        def __init__(self, quick=1): ...
    """
    assert found(bot=text) == {
        "Eur": {"atr_period": 14, "slow": 140, "fast": 40, "stop_atr": 2.0, "size": 3},
        "Gbp": {"atr_period": 14, "fast": 30, "stop_atr": 2.0, "size": 3},
    }


def test_one_class_name_in_several_files_gives_way_to_the_files() -> None:
    text = "class MA:\n    fast = {}\n"
    assert list(found(eur=text.format(1), gbp=text.format(2), a__x=text.format(3), b__x=text.format(4))) == [
        "eur", "gbp", "a/x", "b/x"
    ]  # fmt: skip
    assert list(found(one=text.format(1) + "class B:\n    fast = 2\n", two=text.format(2))) == ["one.MA", "B", "two"]


def test_what_is_known_only_at_run_time_is_said_by_name_and_line() -> None:
    assert unread(
        bot="""
        import os
        STOP = float(os.environ["STOP"])
        if STOP:
            LIMIT = 3
        class MA:
            log = logger()
            name = f"x{STOP}"
            def __init__(self, fast=os.getenv("FAST"), slow_ma=STOP, target=LIMIT, slow=make()):
                self.client = Client()
                self.min_atr = tune()
        """
    ) == [
        "bot.py, line 8: MA: name is an f-string, put together when the program runs, so it was not read",
        f"bot.py, line 9: MA: fast {ENVIRONMENT}, so it was not read",
        f"bot.py, line 9: MA: slow_ma is STOP, which {ENVIRONMENT}, so it was not read",
        "bot.py, line 9: MA: target is LIMIT, which depends on what happens when the program runs, so it was not read",
        "bot.py, line 9: MA: slow is what make(...) gives when the program runs, so it was not read",
        "bot.py, line 11: MA: min_atr is what tune(...) gives when the program runs, so it was not read",
    ]


def test_entries_that_cannot_be_read_are_named_and_the_rest_is_read() -> None:
    files = {
        "bot": 'STRATEGIES = {"a": make(), NAME: {"fast": 1}, "c": (1, 2), "d": {"fast": int(input()), "slow": 3}}'
    }
    assert found(**files) == {"d": {"slow": 3}}
    assert [one.split(": ", 1)[1].split(",")[0] for one in unread(**files)] == [
        "STRATEGIES: a is what make(...) makes",
        "STRATEGIES: NAME is a name that is known only when the program runs",
        "STRATEGIES: c states values without names",
        "d: fast is what input(...) gives when the program runs",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("api_key", "abc"), ("webhook_url", "x"), ("binanceApiKey", "x"), ("TELEGRAM_TOKEN", "1:" + "a"), ("secretKey", "x"),
        ("AWS_SECRET_ACCESS_KEY", "x"), ("password", "x"), ("key", "x"), ("db", "postgres://me:pw@host/x"),
        ("alerts", "https://discord.com/api/webhooks/1/x"),
    ],
)  # fmt: skip
def test_secrets_are_never_copied(name: str, value: str) -> None:
    files = {"bot": f'class MA:\n    fast = 3\n    {name} = "{value}"\n    keys = "ok"\n    url = "https://host/x"\n'}
    assert found(**files) == {"MA": {"fast": 3, "keys": "ok", "url": "https://host/x"}}
    assert unread(**files) == [f"bot.py, line 3: MA: {name} looks like a secret, so it was not copied"]


def test_an_indicator_is_no_strategy() -> None:
    assert found(bot="class MACDIndicator:\n    def __init__(self, fast_period=12, slow_period=26): ...\n") == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\ndef f(:", "bot.py, line 2: this is not valid Python 3"),
        ("print 'x'", "bot.py, line 1: this is not valid Python 3"),
        ("x = 1\0", "null bytes"),
        ("x = " + "(" * 300 + ")" * 300, "too many nested parentheses"),
        ("x = " + "+".join(["1"] * 20_000), "nested too deeply"),
    ],
)
def test_a_file_that_is_no_python_is_one_finding_and_the_others_are_read(text: str, said: str) -> None:
    result = read(bot=text, good="class MA:\n    fast = 3")
    assert [one.name for one in result.strategies] == ["MA"]
    assert len(result.unread) == 1
    assert said in str(result.unread[0])


def test_values_that_hold_each_other_a_thousandfold_are_cut_short() -> None:
    doubling = "A0 = [1, 2]\n" + "".join(f"A{i + 1} = [A{i}, A{i}]\n" for i in range(100))
    text = doubling + 'STRATEGIES = {"a": {"fast": 3, "x": A100, "many": [' + "1, " * 101 + "]}}"
    assert found(bot=text) == {"a": {"fast": 3}}
    assert [one.split("a: ")[1] for one in unread(bot=text)] == [
        "x is nested too deeply to be read, so it was not read", "many is a list of 101 values, so it was not read"
    ]  # fmt: skip


def test_more_parameters_than_a_strategy_has_are_said() -> None:
    text = "class MA:\n    fast = 3\n" + "".join(f"    p{i} = {i}\n" for i in range(600))
    assert len(found(bot=text)["MA"]) == 500
    assert unread(bot=text) == ["bot.py: MA has more than 500 parameters; the rest was not read"]


def test_files_that_import_each_other_are_read_once() -> None:
    assert found(a="import b\nclass A:\n    fast = b.X\n    slow = 9\nY = 2", b="import a\nX = 1") == {
        "A": {"fast": 1, "slow": 9}
    }
