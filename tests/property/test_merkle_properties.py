"""Trees and their proofs against a second implementation, for every size up to a hundred and for larger ones."""

from hashlib import sha256
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import plain_merkle
from tradeworthy.core.hash_paths import HashTree, is_consistent, is_included
from tradeworthy.core.hash_tree import Frontier, leaf_hash, peak_spans

DATA = [b"event %d" % number for number in range(300)]
SIZES = st.integers(1, 300)


def tree_of(size: int) -> HashTree:
    """Over the first events."""
    return HashTree(leaf_hash(one) for one in DATA[:size])


@given(st.lists(st.binary(max_size=40), max_size=80), st.lists(st.integers(0, 20), max_size=12))
def test_roots_do_not_depend_on_how_the_leaves_came(data: list[bytes], cuts: list[int]) -> None:
    leaves, frontier = [leaf_hash(one) for one in data], Frontier()
    rest = iter(leaves)
    for cut in cuts:
        frontier.extend(islice(rest, cut))
        assert frontier.root() == plain_merkle.mth(data[: frontier.size])
        frontier = Frontier(frontier.size, frontier.peaks())  # as after a restart
    frontier.extend(rest)
    assert frontier.root() == plain_merkle.mth(data)
    assert HashTree(leaves).root() == plain_merkle.mth(data)


@given(SIZES, st.data())
def test_both_sides_make_the_same_audit_path_and_both_hold_it(size: int, draw: st.DataObject) -> None:
    index = draw.draw(st.integers(0, size - 1))
    path, root = tree_of(300).inclusion(index, size), plain_merkle.mth(DATA[:size])
    assert list(path) == plain_merkle.path(index, DATA[:size])
    leaf = leaf_hash(DATA[index])
    assert plain_merkle.inclusion_holds(leaf, index, size, root, path)
    assert is_included(leaf, index, size, root, path)


@given(SIZES, st.data())
def test_both_sides_make_the_same_consistency_proof_and_both_hold_it(size: int, draw: st.DataObject) -> None:
    old = draw.draw(st.integers(1, size))
    path, roots = tree_of(300).consistency(old, size), (plain_merkle.mth(DATA[:old]), plain_merkle.mth(DATA[:size]))
    assert list(path) == plain_merkle.proof(old, DATA[:size])
    assert is_consistent(old, roots[0], size, roots[1], path)
    assert old == size or plain_merkle.consistency_holds(old, roots[0], size, roots[1], path)


@given(SIZES, st.data())
def test_a_proof_that_was_changed_holds_for_nobody(size: int, draw: st.DataObject) -> None:
    index, old = draw.draw(st.integers(0, size - 1)), draw.draw(st.integers(1, size))
    tree, leaf = tree_of(size), leaf_hash(DATA[index])
    root, old_root = tree.root(), tree.root(old)
    kind = draw.draw(st.sampled_from(["bit", "less", "more", "swapped"]))

    def changed(path: tuple[bytes, ...]) -> tuple[bytes, ...] | None:
        if kind == "more":
            return (*path, sha256(b"").digest())
        if not path or (kind == "swapped" and len(path) < 2):
            return None
        if kind == "less":
            return path[1:]
        if kind == "swapped":
            return (path[1], path[0], *path[2:])
        at = draw.draw(st.integers(0, len(path) - 1))
        return (*path[:at], bytes([path[at][0] ^ 1]) + path[at][1:], *path[at + 1 :])

    wrong = changed(tree.inclusion(index, size))
    if wrong is not None:
        assert not is_included(leaf, index, size, root, wrong)
        assert not plain_merkle.inclusion_holds(leaf, index, size, root, wrong)
    wrong = changed(tree.consistency(old, size))
    if wrong is not None:
        assert not is_consistent(old, old_root, size, root, wrong)
        assert old == size or not plain_merkle.consistency_holds(old, old_root, size, root, wrong)


@given(SIZES, st.data())
def test_a_proof_speaks_for_its_own_leaf_place_and_root_alone(size: int, draw: st.DataObject) -> None:
    index, other = draw.draw(st.integers(0, size - 1)), draw.draw(st.integers(0, 299))
    tree = tree_of(size)
    path = tree.inclusion(index, size)
    assert is_included(leaf_hash(DATA[other]), index, size, tree.root(), path) == (other == index)
    assert is_included(leaf_hash(DATA[index]), other, size, tree.root(), path) == (other == index)
    assert not is_included(leaf_hash(DATA[index]), index, size, leaf_hash(b""), path)


@given(st.integers(0, 2**40))
def test_the_spans_of_the_peaks_are_powers_of_two_that_cover_every_leaf(size: int) -> None:
    spans = peak_spans(size)
    assert len(spans) == size.bit_count()
    assert [begin for begin, _ in spans] == [0, *(end for _, end in spans)][: len(spans)]
    assert (spans[-1][1] if spans else 0) == size
    assert all((end - begin).bit_count() == 1 for begin, end in spans)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="complete subtrees"):
        Frontier(3, [bytes(32)])
    tree = tree_of(5)
    with pytest.raises(ValueError, match="not in a tree of 5"):
        tree.inclusion(5, 5)
    with pytest.raises(ValueError, match="cannot show"):
        tree.consistency(2, 6)
    assert tree.consistency(0, 5) == ()
    assert is_consistent(0, tree.root(0), 5, tree.root(), ())
    assert not is_consistent(6, tree.root(), 5, tree.root(), ())
    assert not is_consistent(-1, tree.root(), 5, tree.root(), ())
