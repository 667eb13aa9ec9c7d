from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from index_store.indexes.milvus_place import MilvusPlace
from index_store.local import LocalStore
from tests.milvus.real_server import RealServer, install
from tests.store_building import make_store, news

Place = Callable[[], MilvusPlace | None]


@pytest.fixture(scope="session")
def binary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory.mktemp("milvus-lite"))


@pytest.fixture(scope="session")
def server(binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """One server for all tests that leave it alive."""
    with RealServer(binary, tmp_path_factory.mktemp("milvus")) as running:
        yield running


@pytest.fixture
def doomed_server(binary: Path, tmp_path: Path) -> Iterator[RealServer]:
    """A server that a test may kill."""
    with RealServer(binary, tmp_path / "milvus") as running:
        yield running


_numbers = itertools.count(1)


@pytest.fixture(params=["embedded", pytest.param("milvus", marks=pytest.mark.milvus)])
def place(request: pytest.FixtureRequest) -> MilvusPlace | None:
    """Where a test keeps its vectors: on this machine, and in a collection of its own."""
    if request.param == "embedded":
        return None
    server: RealServer = request.getfixturevalue("server")
    return server.place(f"test_{next(_numbers)}")


@pytest.fixture
def collection(server: RealServer) -> MilvusPlace:
    return server.place(f"test_{next(_numbers)}")


@pytest.fixture
def raw(collection: MilvusPlace) -> Iterator[Any]:
    """A client of the server that knows nothing of Dateline."""
    from pymilvus import MilvusClient

    client = MilvusClient(uri=collection.uri, timeout=5)
    yield client
    client.close()


@pytest.fixture
def store(tmp_path: Path, collection: MilvusPlace) -> Iterator[LocalStore]:
    with closing(make_store(tmp_path / "store", news(30), index=collection)) as made:
        yield made
