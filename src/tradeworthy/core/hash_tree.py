"""The Merkle tree of RFC 6962 (section 2.1) over the events of a journal, kept by its right-hand edge alone.

The leaf of an event is SHA-256 over a zero byte and its bytes as they are stored; a node is SHA-256 over a one byte and
its two children. A tree of n leaves is split at the largest power of two below n.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """32 bytes that stand for one event. RFC 6962: SHA-256(0x00 || data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """32 bytes that stand for two subtrees. RFC 6962: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right-hand edge of a tree that grows: one hash for each complete subtree, at most 64 of them.

    size: number of leaves. peaks: roots of the complete subtrees, the largest (leftmost) first, as `peaks` gave them.
    Raises ValueError where that many peaks cannot belong to that many leaves.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        if size < 0 or size.bit_count() != len(peaks):
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} complete subtrees, not {len(peaks)}")
        self.size = size
        rest = iter(reversed(peaks))
        self._by_level = [next(rest) if size >> level & 1 else None for level in range(size.bit_length())]

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Append leaf hashes. Costs one hash for each, and none for the leaves before."""
        row = list(leaves)
        self.size += len(row)
        level = 0
        while row:
            if level == len(self._by_level):
                self._by_level.append(None)
            waiting = self._by_level[level]
            if waiting is not None:
                row.insert(0, waiting)
            self._by_level[level] = row.pop() if len(row) % 2 else None
            row = [sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=True)]
            level += 1

    def peaks(self) -> tuple[bytes, ...]:
        """Roots of the complete subtrees, the largest (leftmost) first."""
        return tuple(one for one in reversed(self._by_level) if one is not None)

    def root(self) -> bytes:
        """The root over all leaves so far, 32 bytes."""
        found: bytes | None = None
        for peak in self._by_level:
            if peak is not None:
                found = peak if found is None else node_hash(peak, found)
        return EMPTY_ROOT if found is None else found


def peak_spans(size: int) -> list[tuple[int, int]]:
    """Which leaves each peak of a tree of that size stands for: first (from 0) and end, the largest first."""
    spans, begin = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            spans.append((begin, begin + (1 << level)))
            begin += 1 << level
    return spans
