"""Whatever is done to a journal that was vouched for: the first event that differs is the one that is named."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.audited import desk_of, put, rechained, rows_of, without_witness
from support.journaling import event
from tradeworthy.api.audit_result import Wholeness
from tradeworthy.api.auditing import audit_journal
from tradeworthy.core.events import encode

SIZES = (3, 4, 8, 13)


@pytest.fixture(scope="module")
def signed_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """13 events with a checkpoint at 3, 4, 8 and 13."""
    return desk_of(tmp_path_factory.mktemp("audited") / "desk", *SIZES)


def renumbered(notes: list[str]) -> list[bytes]:
    """Events that say of themselves what they should."""
    return [encode(event(number, note)) for number, note in enumerate(notes, start=1)]


@settings(max_examples=60)
@given(st.data())
def test_the_first_event_that_differs_is_named_whatever_was_done(signed_desk: Path, draw: st.DataObject) -> None:
    notes = [""] * SIZES[-1]
    for _ in range(draw.draw(st.integers(1, 3))):
        at = draw.draw(st.integers(0, len(notes) - 1)) if notes else 0
        match draw.draw(st.sampled_from(["edit", "remove", "insert", "cut", "append"])):
            case "edit":
                notes[at : at + 1] = ["edited"]
            case "remove":
                del notes[at : at + 1]
            case "insert":
                notes.insert(at, "inserted")
            case "cut":
                del notes[at:]
            case _:
                notes.append("appended")
    before, after = renumbered([""] * SIZES[-1]), renumbered(notes)
    first = next(
        (place for place, (old, new) in enumerate(zip(before, after, strict=False), start=1) if old != new), None
    )
    if first is None and len(after) < len(before):
        first = len(after) + 1
    with TemporaryDirectory() as folder:
        desk = Path(shutil.copytree(signed_desk, Path(folder) / "desk"))
        put(desk, rechained(after))
        without_witness(desk)
        audit = audit_journal(desk)
        assert [row[1] for row in rows_of(desk)] == after
    if first is None:
        assert audit.verdict is Wholeness.WHOLE
    else:
        assert audit.verdict is Wholeness.TAMPERED
        assert (audit.findings[0].first, audit.findings[0].last) == (first, first)
        assert audit.vouched == max((size for size in SIZES if size < first), default=0)


@settings(max_examples=30)
@given(st.integers(1, 13))
def test_without_the_hashes_the_range_that_is_named_holds_the_event(signed_desk: Path, place: int) -> None:
    data = renumbered(["edited" if number == place else "" for number in range(1, 14)])
    with TemporaryDirectory() as folder:
        desk = Path(shutil.copytree(signed_desk, Path(folder) / "desk"))
        put(desk, rechained(data))
        without_witness(desk)
        (desk / "checkpoints.hashes").unlink()
        [finding] = audit_journal(desk).findings
    below = max((size for size in SIZES if size < place), default=0)
    above = min(size for size in SIZES if size >= place)
    assert below < finding.first <= place <= finding.last <= above
