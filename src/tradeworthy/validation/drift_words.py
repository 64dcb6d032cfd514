"""What a drift monitor says, in sentences."""

from dataclasses import dataclass

from tradeworthy.core.counting import counted
from tradeworthy.core.verdict import DriftState


@dataclass(frozen=True, slots=True)
class DriftPower:
    """Trades that a loss of half and of the whole of `edge_r` would take to show, on average and by theory.

    alarm: to DRIFTING. proof: to STOPPED, None where the baseline is too short for an average trade ever to add up to proof.
    """

    edge_r: float
    alarm: tuple[float, ...]
    proof: tuple[float | None, ...]


def sentence_of(
    state: DriftState, trades: int, mean: float | None, before: float, p_value: float, error: float, run_length: float,
    power: DriftPower,
) -> str:  # fmt: skip
    """One sentence for a person."""
    if mean is None:
        return f"no trade has closed since the baseline; {_waiting(power)}"
    figures = f"{_signed(mean)} a trade over {counted(trades, 'trade')} against {_signed(before)} before"
    if state is DriftState.STOPPED:
        return (
            f"{figures}: worse than the baseline at p = {p_value:.2g}, at whatever moment it is looked at "
            f"({error:.0%} chance of ever saying so by luck); stop trading it"
        )
    if state is DriftState.DRIFTING:
        return (
            f"{figures}: the latest trades run below the baseline, which luck alone does once in {run_length:,.0f} trades; "
            f"not proven (p = {p_value:.2g}); halve it, or wait for proof"
        )
    return f"{figures}: no drift shown, which is not the same as none; {_waiting(power)}"


def _waiting(power: DriftPower) -> str:
    half, whole = power.alarm
    early = f"a loss of {power.edge_r:.2f} R would be noticed after about {whole:,.0f} trades, of half of it after {half:,.0f}"
    proof = power.proof[-1]
    if proof is None:
        return f"{early}; with a baseline this short, proof may never come"
    return f"{early}, and proven after about {proof:,.0f}"


def _signed(value: float) -> str:
    return f"{value:+.2f} R".replace("-", "\N{MINUS SIGN}")
