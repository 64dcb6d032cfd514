"""Reading a journal from its first event to its last, against every checkpoint that is known, and finding the first bad one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from tradeworthy.adapters.files.checkpoint_file import CheckpointFile
from tradeworthy.adapters.journals.chain import Link
from tradeworthy.adapters.journals.tape import Break, Page, Parts, Tape
from tradeworthy.core.checkpoint import Checkpoint
from tradeworthy.core.hash_tree import Frontier, leaf_hash, peak_spans


@dataclass(frozen=True, slots=True)
class Walk:
    """What reading it once gave. end: the last event that hangs together with all before it. vouched: the last one up to
    which a checkpoint holds. wrong: the first checkpoint that does not; suspects: the events, first and last, among which
    the first bad one is by its tree. broken: where the chain ends. newer: an event of a newer schema, or 0. is_unwitnessed:
    whether the event that the witness noted is another one."""

    end: int
    vouched: int
    wrong: Checkpoint | None
    suspects: tuple[int, int]
    broken: Break | None
    newer: int
    is_unwitnessed: bool


class _Walker:
    """Follows the tree and the checkpoints along the tape."""

    def __init__(self, floor: Link, checkpoints: Sequence[Checkpoint], noted: Link | None) -> None:
        self.tree = None if floor.sequence else Frontier()  # without its beginning a tree has no root
        self.vouched = 0
        self.wrong: Checkpoint | None = None
        self.suspects = (0, 0)
        self.is_unwitnessed = False
        self._noted = noted
        self._coming = [one for one in checkpoints if one.size > floor.sequence][::-1]

    def take(self, page: Page, begin: int) -> None:
        """A page of events, the first of which follows on event `begin`."""
        self._hold_witness(page, begin)
        hashes = [*map(leaf_hash, page.data)] if self.tree else []
        done = 0
        while self._coming and self._coming[-1].size <= begin + len(page.data) and not self.wrong:
            one = self._coming.pop()
            here = one.size - begin
            if self.tree:
                self.tree.extend(hashes[done:here])
            self._hold(one, page.chains[here - 1])
            done = here
        if self.tree:
            self.tree.extend(hashes[done:])

    def _hold(self, one: Checkpoint, found: bytes) -> None:
        """Against the place that it vouches for."""
        if found.hex() == one.chain and (self.tree is None or self.tree.root().hex() == one.root):
            self.vouched = one.size
            return
        self.wrong = one
        self.suspects = (self.vouched + 1, one.size)
        if self.tree:
            ours = [peak.hex() for peak in self.tree.peaks()]
            spans = zip(peak_spans(one.size), ours, one.peaks, strict=True)
            first, last = next((span for span, mine, theirs in spans if mine != theirs), (0, one.size))
            self.suspects = (max(first, self.vouched) + 1, last)

    def _hold_witness(self, page: Page, begin: int) -> None:
        if self._noted and begin < self._noted.sequence <= begin + len(page.data):
            self.is_unwitnessed = page.chains[self._noted.sequence - begin - 1] != self._noted.chain


def walked(parts: Parts, checkpoints: Sequence[Checkpoint], noted: Link | None) -> Walk:
    """Read all of it. checkpoints: genuine ones, the smallest first. noted: the witness, None without one.

    Raises JournalError where the database cannot be reached.
    """
    walker, tape = _Walker(parts.floor, checkpoints, noted), Tape(parts, parts.floor)
    begin = parts.floor.sequence
    for page in tape:
        walker.take(page, begin)
        begin += len(page.data)
    return Walk(
        begin, walker.vouched, walker.wrong, walker.suspects, tape.broken, tape.newer, walker.is_unwitnessed
    )  # fmt: skip


def first_changed(parts: Parts, file: CheckpointFile, checkpoints: Sequence[Checkpoint], end: int) -> int:
    """The first event that is not the one whose hash was kept, up to `end`; 0 where the hashes do not tell.

    They tell as far as their root is that of a checkpoint: the largest of `checkpoints`, smallest first, for which it is.
    """
    for one in reversed(checkpoints):
        leaves = file.leaves(one.size)
        if leaves is None:
            continue
        tree = Frontier()
        tree.extend(leaves)
        if tree.root().hex() == one.root:
            return _first_other(parts, leaves, min(end, one.size))
    return 0


def _first_other(parts: Parts, leaves: Sequence[bytes], end: int) -> int:
    begin = parts.floor.sequence
    found = chain.from_iterable(page.data for page in Tape(parts, parts.floor))
    for number, (data, leaf) in enumerate(zip(found, leaves[begin:end], strict=False), start=begin + 1):
        if leaf_hash(data) != leaf:
            return number
    return 0
