"""Block lengths, as the validation uses them; they stand a floor below, where the risk simulations find them too."""

from tradeworthy.indicators.dependence import BlockLength, block_length, optimal_block_length

__all__ = ["BlockLength", "block_length", "optimal_block_length"]
