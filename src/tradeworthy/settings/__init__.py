"""One frozen tree of settings: tradeworthy.toml and the environment, read once."""
