"""The journal in a file keeps the contract of journals."""

from itertools import count
from pathlib import Path

import pytest

from contract.journal_contract import Fresh, JournalContract


class TestSqliteJournal(JournalContract):
    """Everything inherited."""

    @pytest.fixture
    def fresh(self, tmp_path: Path) -> Fresh:
        numbers = count(1)
        return lambda: str(tmp_path / f"journal {next(numbers)}.sqlite")
