"""What a system can lose: wealth and drawdowns simulated from its own returns."""

from typing import TYPE_CHECKING

from tradeworthy.core.lazy import attach

if TYPE_CHECKING:
    from tradeworthy.risk.simulation import Drawing as Drawing
    from tradeworthy.risk.simulation import SimulatedPaths as SimulatedPaths
    from tradeworthy.risk.simulation import monte_carlo as monte_carlo

__all__ = ["Drawing", "SimulatedPaths", "monte_carlo"]

__getattr__, __dir__ = attach(
    __name__,
    {"Drawing": "simulation", "SimulatedPaths": "simulation", "monte_carlo": "simulation"},
    public=__all__,
)
