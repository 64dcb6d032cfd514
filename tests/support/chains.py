"""Holding a chain of decision against what the same step told people and sent."""

from collections.abc import Sequence

from tradeworthy.controls.filters import CheckState
from tradeworthy.live.desk_commands import Command, NoteKind, Place, Tell
from tradeworthy.live.verdict_chain import Answer, Stage, VerdictChain

_OWN_WORDS = {"calibration": "calibration: ", "filters": "filter: "}
"""Stages that tell one refusal by the name of the stage, and its checks by their own."""


def assert_chains_say_what_happened(chains: Sequence[VerdictChain], commands: Sequence[Command]) -> None:
    """Every refusal and every entry that was sent has its chain, and no chain says more."""
    refusals = (one for one in commands if isinstance(one, Tell) and one.kind is NoteKind.REFUSED)
    told = [one for one in refusals if "limit" in one.data]  # a refused exit has none
    refused = [one for one in chains if one.answer is Answer.REFUSED]
    assert [(one.strategy, one.data["check"], one.data["limit"], one.data["actual"]) for one in told] == [
        (one.strategy, one.refusal.check, one.refusal.limit, one.refusal.actual) for one in refused if one.refusal
    ]
    sent = [one.order.value for one in commands if isinstance(one, Place) and not one.order.value.reduce_only]
    entered = {one.data.get("client_id") for one in commands if isinstance(one, Tell) and one.kind is NoteKind.ORDER}
    assert {one.client_id for one in chains if one.accepted} == {
        one.client_id for one in sent if one.client_id in entered
    }
    for chain in chains:
        _assert_whole(chain)


def _assert_whole(chain: VerdictChain) -> None:
    refusing = [one for one in chain.links if one.outcome.refuses]
    stages = [one.stage for one in chain.links]
    assert len({one.stage for one in refusing}) <= 1, "nothing is asked after the stage that refused"
    if chain.refusal is not None:
        first = refusing[0].outcome
        own = _OWN_WORDS.get(chain.refusal.check)
        assert stages[-1] is refusing[-1].stage or stages == [Stage.DATA, Stage.STRATEGY]  # what it decided is told too
        if own is None:
            assert (first.check, first.reason) == (chain.refusal.check, chain.refusal.reason) or first.check in {
                "distances", "fresh bar",
            }  # fmt: skip
        else:
            assert first.check.startswith(own)
            assert first.reason == chain.refusal.reason
    elif chain.accepted:
        assert not refusing
        assert not chain.not_reached
    for one in chain.to_dict()["checks"]:
        ran = one["state"] in {CheckState.PASSED.name, CheckState.REFUSED.name, CheckState.MISSING.name}
        assert (one["passed"] is not None) == ran
        assert one["actual"], one
        assert one["reason"] or one["passed"] is not False, one
