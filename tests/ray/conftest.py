from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.ray.local_cluster import LocalCluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[LocalCluster]:
    """One head for all tests that leave it alive."""
    with closing(LocalCluster()) as running:
        yield running


@pytest.fixture
def two_nodes(cluster: LocalCluster) -> Iterator[LocalCluster]:
    """The cluster with a second node, which the test may kill."""
    cluster.add_node()
    yield cluster
    cluster.kill_node()


@pytest.fixture
def doomed_cluster() -> Iterator[LocalCluster]:
    """A cluster of which a test may kill the head."""
    with closing(LocalCluster()) as running:
        yield running
