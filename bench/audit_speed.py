"""How long a journal of a million events takes to verify, to vouch for, and to prove one event of. `audit_speed.py 100000`."""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from timing import save

from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.api.audit_proofs import prove_events
from tradeworthy.api.audit_result import Wholeness
from tradeworthy.api.auditing import audit_journal
from tradeworthy.api.checkpoints import checkpoint_journal
from tradeworthy.core.events import Envelope, encode

EVENTS, BATCH, LATER = 1_000_000, 10_000, 1_000


def stored(sequence: int) -> bytes:
    """The bytes of an event of about 300 bytes."""
    body: dict[str, object] = {
        "symbol": "EUR_USD", "open": 1.1, "high": 1.2, "low": 1.0, "close": 1.15, "note": "x" * 120,
    }  # fmt: skip
    return encode(
        Envelope(
            sequence=sequence, account="paper", strategy="EUR_USD_D", kind="bar", event_time_ns=sequence,
            receive_time_ns=sequence, source="bench", body=body,
        )
    )  # fmt: skip


def append(desk: Path, first: int, last: int) -> None:
    """Events from `first` to `last`."""
    with closing(open_journal(desk / "journal.sqlite")) as journal:
        for begin in range(first, last + 1, BATCH):
            journal.append_bytes([stored(sequence) for sequence in range(begin, min(begin + BATCH, last + 1))])


def taken_s(work: Callable[[], object]) -> float:
    """Wall time in seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    """Measure, print a table, and write bench/results/audit_speed.json."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as folder:
        desk = Path(folder)
        append(desk, 1, count)
        figures["events"] = count
        figures["journal, MB"] = (desk / "journal.sqlite").stat().st_size / 1e6
        figures["first checkpoint, s"] = taken_s(lambda: checkpoint_journal(desk))
        began = time.process_time()
        times = sorted(taken_s(lambda: audit_journal(desk)) for _ in range(3))
        figures["verify, s of processor"] = (time.process_time() - began) / 3
        figures["verify, s (median of 3)"], figures["verify, s (worst)"] = times[1], times[2]
        figures["events verified a second"] = count / times[1]
        if audit_journal(desk).verdict is not Wholeness.WHOLE:
            raise SystemExit("the journal is not whole: the figures mean nothing")
        append(desk, count + 1, count + LATER)
        figures[f"checkpoint after {LATER} more, ms"] = taken_s(lambda: checkpoint_journal(desk)) * 1e3
        figures["prove one event, s"] = taken_s(lambda: prove_events(count // 2, count // 2, desk))
        figures["proof, kB"] = next((desk / "proofs").iterdir()).stat().st_size / 1e3
    scale = 1e6 if sys.platform == "darwin" else 1e3  # bytes there, kB elsewhere
    figures["memory at most, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale
    for name, value in figures.items():
        print(f"{name:32} {value:14,.2f}")
    save("audit_speed", figures)


main()
