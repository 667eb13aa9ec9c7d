from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.llm.real_server import RealServer, missing

REQUIRED = "DATELINE_TEST_LLM_REQUIRED"
"""Set where the packages must be there, as in `.ci/run`: then nothing is skipped."""


@pytest.fixture(scope="session")
def _packages() -> None:
    if lacking := missing():
        remedy = f"{', '.join(lacking)} not installed; CONTRIBUTING.md says how"
        if os.environ.get(REQUIRED):
            pytest.fail(remedy)
        pytest.skip(remedy)


@pytest.fixture(scope="session")
def real_server(_packages: None) -> Iterator[RealServer]:
    """One server for all tests that leave it alive."""
    with RealServer() as server:
        yield server


@pytest.fixture
def doomed_server(_packages: None) -> Iterator[RealServer]:
    """A server that a test may kill."""
    with RealServer() as server:
        yield server
