"""Words of TradingView's list of trades, which is written in the language of whoever exports it."""
# ruff: noqa: RUF001 - words of many languages, in their own letters

import re
from collections.abc import Mapping, Sequence


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split("|"))


_NOBODYS = _words("% | cum | kum | acum | накоп | совок | 累 | 누적 | birik | skumul | run-up | drawdown | excursion")
"""Percentages, running sums and excursions, whose headings hold words of other roles."""

HEADINGS: Mapping[str, Sequence[str]] = {
    "number": _words(
        "trade # | trade number | trade no | trade-nr | n.º | nº | n° | № | номер | 交易 # | 交易编号 | 交易編號 | "
        "トレード番号 | 거래 번호 | 거래 # | #"
    ),
    "side": _words("type | typ | tipo | тип | 类型 | 類型 | タイプ | 種類 | 유형 | tür"),
    "time": _words("date | datum | fecha | data | дата | 日期 | 日時 | 날짜 | tarih"),
    "price": _words(
        "price | preis | kurs | precio | prix | preço | prezzo | цена | 价格 | 價格 | 価格 | 가격 | fiyat | cena"
    ),
    "value": _words(
        "size (value) | position size (value) | (wert) | (valor) | (valeur) | (valore) | (金额) | (金額) | (значение) | "
        "(стоимость) | (価値)"
    ),
    "quantity": _words(
        "qty | quantity | contracts | size | menge | kontrakte | größe | contratos | cantidad | tamaño | contrats | quantité | "
        "taille | quantidade | tamanho | contratti | quantità | контракт | кол | объем | объём | размер | 合约 | 合約 | 数量 | "
        "數量 | サイズ | 계약 | 수량 | 크기 | miktar"
    ),
    "commission": _words(
        "commission | kommission | provision | comisión | comissão | commissione | комисс | 手续费 | 手續費 | 佣金 | 手数料 | "
        "수수료 | komisyon"
    ),
    "profit": _words(
        "net p&l | net pnl | p&l | pnl | profit | g&v | gewinn | beneficio | ganancia | pyg | p&g | bénéfice | p&p | gains | "
        "lucro | l&p | utile | profitto | прибыль | п/у | 净损益 | 淨損益 | 净利 | 利润 | 利潤 | "
        "获利 | 獲利 | 盈亏 | 盈虧 | 損益 | "
        "손익 | 수익 | kâr | k&z"
    ),
}
"""By role, in the order in which columns are given away."""

_ENTRY = _words(
    "entry | einstieg | entrada | entrée | entrata | ingresso | вход | 进场 | 進場 | 入场 | 入場 | エントリー | 진입 | "
    "giriş | wejście"
)
_EXIT = _words(
    "exit | ausstieg | salida | sortie | saída | saida | uscita | выход | 出场 | 出場 | 平仓 | 平倉 | 決済 | エグジット | 청산 | "
    "çıkış | wyjście"
)
_SHORT = _words("short | cort | court | vend | шорт | корот | 空 | ショート | 売 | 매도 | 숏 | açığa | krót")
_LONG = _words("long | larg | compr | achat | лонг | длин | 多 | ロング | 買 | 매수 | 롱 | uzun | dług")
SIGNALS = _words("signal | señal | sinal | segnale | сигнал | 信号 | 訊號 | シグナル | 신호 | sinyal | sygnał")


def headings(names: Sequence[str]) -> dict[str, str]:
    """Which column holds what, as far as its heading tells."""
    found: dict[str, str] = {}
    for role, words in HEADINGS.items():
        for name in names:
            plain = re.sub(r"\s+", " ", name.strip().lower())
            if name in found.values() or (role != "number" and any(word in plain for word in _NOBODYS)):
                continue
            if any(_says(plain, word) for word in words):
                found[role] = name
                break
    return found


def _says(plain: str, word: str) -> bool:
    return plain.startswith(word) or (word in plain and (len(word) > 3 or "&" in word or not word.isascii()))


def is_entry(word: str) -> bool | None:
    """Whether a type means an entry; None where it says neither or both."""
    return _either(word, _ENTRY, _EXIT)


def is_long(word: str) -> bool | None:
    """Whether a type means a long; None where it says neither or both."""
    return _either(word, _LONG, _SHORT)


def _either(word: str, yes: Sequence[str], no: Sequence[str]) -> bool | None:
    plain = word.lower()
    here, there = any(one in plain for one in yes), any(one in plain for one in no)
    return here if here != there else None
