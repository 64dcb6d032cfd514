"""`python -m tradeworthy.cli`."""

from tradeworthy.cli import main

main()
