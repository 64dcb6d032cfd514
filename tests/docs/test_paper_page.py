"""Every term and every fault of the paper broker stands in docs/paper.md."""

import re
from dataclasses import fields
from pathlib import Path

from tradeworthy.adapters.brokers.paper_faults import FaultKind
from tradeworthy.adapters.brokers.paper_terms import PaperTerms

PAGE = (Path(__file__).parents[2] / "docs" / "paper.md").read_text()
TERMS, FAULTS = (
    re.findall(r"`(\w+)`", "".join(line.split("|")[1] for line in part.splitlines() if line.startswith("| `")))
    for part in PAGE.split("## Faults on purpose")
)


def test_the_table_of_terms_has_every_field_in_its_order() -> None:
    assert [one.name for one in fields(PaperTerms)] == TERMS


def test_the_table_of_faults_has_every_kind_in_its_order() -> None:
    assert FAULTS[1:] == [kind.name for kind in FaultKind]
