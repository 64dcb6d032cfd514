"""The words of the trade: what every other floor may speak of. Standard library and msgspec only."""
