"""Runs with money worked out on paper from docs/money.md, the arithmetic in a comment above each.

`MONEY_CASES` is plain data that every implementation is held against: `disagreements(case, outcome)`.
"""

from __future__ import annotations

from support.money_case import MoneyCase
from support.money_price_cases import PRICE_CASES
from support.money_size_cases import SIZE_CASES

MONEY_CASES: list[MoneyCase] = [*PRICE_CASES, *SIZE_CASES]
