"""A bot that is killed in the middle of telling results goes on as if it had never been away."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from tradeworthy import RiskCalibrationEngine
from tradeworthy.core.clock import MINUTE_NS

NOON_NS, RESULTS = 1_772_452_800_000_000_000, 150

BOT = """
import sys
from tradeworthy import RiskCalibrationEngine
from tradeworthy.core.clock import MINUTE_NS
k = 0
engine = RiskCalibrationEngine(state=sys.argv[1], clock=lambda: int(sys.argv[2]) + k * MINUTE_NS)
for k in range(int(sys.argv[3])):
    counted = engine.update_trade_result(pnl=-7.25 if k % 3 else 11.5, trade_id=k)
    print(k, int(counted), flush=True)
print("done", flush=True)
"""


def run(state: Path, kill_after: int | None) -> list[str]:
    """What a bot acknowledged before it was killed, or had told everything."""
    command = [sys.executable, "-c", BOT, str(state), str(NOON_NS), str(RESULTS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as bot:
        assert bot.stdout is not None
        lines: list[str] = []
        for line in bot.stdout:
            lines.append(line.strip())
            if len(lines) == kill_after:
                os.kill(bot.pid, signal.SIGKILL)
                lines += [rest.strip() for rest in bot.stdout if rest.endswith("\n")]
    return lines


def test_a_bot_that_is_killed_again_and_again_counts_every_result_once(tmp_path: Path) -> None:
    rng = random.Random(1)  # noqa: S311 - where to kill, not a secret
    told: dict[int, int] = {}
    for _ in range(4):
        acknowledged = run(tmp_path / "state.json", len(told) + rng.randrange(3, 35))
        for line in acknowledged:
            place, counted = map(int, line.split())
            told[place] = told.get(place, 0) + counted
        kept = RiskCalibrationEngine(state=tmp_path / "state.json").get_calibrated_risk_profile()
        lost = [-7.25 if k % 3 else 11.5 for k in told]
        assert kept.balance in {100_000 + sum(lost), 100_000 + sum(lost) + (-7.25 if len(told) % 3 else 11.5)}
    assert run(tmp_path / "state.json", None)[-1] == "done"
    assert max(told.values()) == 1  # 0 where it was counted and killed before it could say so

    last = NOON_NS + (RESULTS - 1) * MINUTE_NS
    plain, now = RiskCalibrationEngine(clock=lambda: now), NOON_NS
    for k in range(RESULTS):
        now = NOON_NS + k * MINUTE_NS
        plain.update_trade_result(pnl=-7.25 if k % 3 else 11.5, trade_id=k)
    again = RiskCalibrationEngine(state=tmp_path / "state.json", clock=lambda: last)
    assert again.get_calibrated_risk_profile().to_dict() == plain.get_calibrated_risk_profile().to_dict()
