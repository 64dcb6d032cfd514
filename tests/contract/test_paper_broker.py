"""The paper broker keeps the contract of brokers, in memory and over its store."""

from pathlib import Path

import pytest

from contract.broker_contract import BrokerContract, Made
from support.markets import random_walk
from tradeworthy.adapters.brokers.paper_venue import PaperVenue


class TestPaperBroker(BrokerContract):
    """Everything inherited."""

    @pytest.fixture
    def made(self) -> Made:
        return lambda: PaperVenue([random_walk(60, 5)], watched={"one": 0})


class TestStoredPaperBroker(BrokerContract):
    """The same, kept in a file."""

    @pytest.fixture
    def made(self, tmp_path: Path) -> Made:
        return lambda: PaperVenue([random_walk(60, 5)], watched={"one": 0}, store=tmp_path / "paper.sqlite")
