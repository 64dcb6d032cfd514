"""Short proofs over the tree of `hash_tree`: this event is in it, and this tree grew out of that one (RFC 6962, 2.1.1, 2.1.2)."""

from collections.abc import Iterable, Sequence
from typing import Final

from tradeworthy.core.hash_tree import EMPTY_ROOT, node_hash

_WIDTH: Final = 32
"""Bytes of a hash."""


class HashTree:
    """Every complete subtree of a tree, from which proofs are cut; about 64 bytes a leaf."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        row = b"".join(leaves)
        self.size = len(row) // _WIDTH
        self._levels = [row]
        while len(row) >= 2 * _WIDTH:
            pairs = range(0, len(row) - _WIDTH, 2 * _WIDTH)
            row = b"".join(node_hash(row[at : at + _WIDTH], row[at + _WIDTH : at + 2 * _WIDTH]) for at in pairs)
            self._levels.append(row)

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves, all of them by default."""
        return self._over(0, self.size if size is None else size)

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """The audit path of leaf `index` (from 0) in the tree of the first `size` leaves; at most log2(size) hashes, up."""
        if not 0 <= index < size <= self.size:
            raise ValueError(f"leaf {index} of {size} is not in a tree of {self.size}")
        path, begin, end = [], 0, size
        while end - begin > 1:
            middle = begin + _split(end - begin)
            if index < middle:
                path.append(self._over(middle, end))
                end = middle
            else:
                path.append(self._over(begin, middle))
                begin = middle
        return tuple(reversed(path))

    def consistency(self, old: int, size: int) -> tuple[bytes, ...]:
        """What shows that the first `old` leaves begin the tree of the first `size`; empty where nothing is to be shown."""
        if not 0 <= old <= size <= self.size:
            raise ValueError(f"a tree of {self.size} cannot show how {old} leaves became {size}")
        if not 0 < old < size:
            return ()
        path, begin, end, is_old_root = [], 0, size, True
        while old < end:
            middle = begin + _split(end - begin)
            if old <= middle:
                path.append(self._over(middle, end))
                end = middle
            else:
                path.append(self._over(begin, middle))
                begin, is_old_root = middle, False
        if not is_old_root:
            path.append(self._over(begin, end))
        return tuple(reversed(path))

    def _over(self, begin: int, end: int) -> bytes:
        """The root over leaves `begin` to before `end`, where `begin` is a place that a split has made."""
        count = end - begin
        if not count:
            return EMPTY_ROOT
        if count & (count - 1) == 0:
            at = begin // count * _WIDTH
            return self._levels[count.bit_length() - 1][at : at + _WIDTH]
        middle = begin + _split(count)
        return node_hash(self._over(begin, middle), self._over(middle, end))


def is_included(leaf: bytes, index: int, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` shows that leaf `index` (from 0) of the tree with this size and root is `leaf`."""
    return 0 <= index < size and _root_over(leaf, index, size, path) == root


def is_consistent(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` shows that the tree of `size` leaves begins with the `old` leaves of the other, unchanged."""
    if old == 0:
        return old_root == EMPTY_ROOT and not path and size >= 0
    return 0 < old <= size and _roots_of(old, size, old_root, path, is_old_root=True) == (old_root, root)


def _root_over(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    if size == 1 or not path:
        return None if size > 1 or path else leaf
    middle, beside = _split(size), path[-1]
    if index < middle:
        inner = _root_over(leaf, index, middle, path[:-1])
        return None if inner is None else node_hash(inner, beside)
    inner = _root_over(leaf, index - middle, size - middle, path[:-1])
    return None if inner is None else node_hash(beside, inner)


def _roots_of(
    old: int, size: int, old_root: bytes, path: Sequence[bytes], *, is_old_root: bool
) -> tuple[bytes, bytes] | None:
    """The old root and the new one that the path leads to."""
    if old == size:
        shown = (old_root, *path) if is_old_root else path
        return (shown[0], shown[0]) if len(shown) == 1 else None
    if not path:
        return None
    middle, beside = _split(size), path[-1]
    if old <= middle:
        inner = _roots_of(old, middle, old_root, path[:-1], is_old_root=is_old_root)
        return None if inner is None else (inner[0], node_hash(inner[1], beside))
    inner = _roots_of(old - middle, size - middle, old_root, path[:-1], is_old_root=False)
    return None if inner is None else (node_hash(beside, inner[0]), node_hash(beside, inner[1]))


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
