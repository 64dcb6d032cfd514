"""Kill a writing process again and again: journal_killing.py WHERE ROUNDS SEED prints what was acknowledged and found."""

import json
import os
import random
import signal
import sys
import time
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.journaling import events
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.adapters.journals.sql_journal import SqlJournal
from tradeworthy.core.errors import JournalError
from tradeworthy.core.snapshot import Snapshot


def write_until_killed(where: str, told: int, seed: int) -> None:
    """Append batches of one to five, tell the last sequence after each, and keep a snapshot now and then."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    journal = opened(where)
    while True:
        first = journal.last_sequence() + 1
        last = journal.append(events(first, first + draw.randrange(5), "killed"))
        os.write(told, last.to_bytes(8, "big"))
        if draw.random() < 0.1:
            journal.save_snapshot(Snapshot(last, 1, b"state %d" % last))


def opened(where: str) -> SqlJournal:
    """The journal, once a server has seen that the killed writer is gone."""
    for _ in range(200):
        try:
            return open_journal(where)
        except JournalError as error:
            if "another process" not in str(error):
                raise
            time.sleep(0.05)
    return open_journal(where)


def one_round(where: str, seed: int) -> dict[str, object]:
    """Start a writer, kill it at a random moment, open the journal again and say what is there."""
    heard, told = os.pipe()
    writer = os.fork()
    if writer == 0:
        os.close(heard)
        try:
            write_until_killed(where, told, seed)
        finally:
            os._exit(1)
    os.close(told)
    acknowledged = int.from_bytes(os.read(heard, 8), "big")
    time.sleep(random.Random(seed).random() * 0.06)  # noqa: S311 - no secret
    os.kill(writer, signal.SIGKILL)
    _, status = os.waitpid(writer, 0)
    while said := os.read(heard, 8):
        acknowledged = int.from_bytes(said, "big")
    os.close(heard)
    journal = opened(where)
    found = [envelope.sequence for envelope in journal.read()]
    snapshot = journal.load_snapshot()
    checked = journal.check()
    journal.close()
    return {
        "killed": os.WIFSIGNALED(status),
        "acknowledged": acknowledged,
        "last": found[-1] if found else 0,
        "dense": found[:1] == [1] and all(later == earlier + 1 for earlier, later in pairwise(found)),
        "checked": checked,
        "snapshot": snapshot is None or snapshot.data == b"state %d" % snapshot.sequence,
    }


if __name__ == "__main__":
    where, rounds, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    sys.stdout.write(json.dumps([one_round(where, seed + number) for number in range(rounds)]))
