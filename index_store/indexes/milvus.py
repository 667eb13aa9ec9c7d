"""One collection of a Milvus server: each call has a timeout, and each failure is told in words."""

from __future__ import annotations

import logging
import threading
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from index_store.indexes.chunk_facts import MOST_SOURCES, NAMES
from index_store.indexes.milvus_errors import MilvusError, told_error
from index_store.indexes.milvus_place import MilvusPlace

# Seconds. A search of a large collection that was just loaded is the slowest question.
_TO_CONNECT = 5.0
_TO_ASK = 10.0
_TO_WRITE = 60.0
_TO_BUILD = 120.0

MOST_FOUND = 16384  # rows that Milvus returns at most
ROWS_AT_ONCE = 8192  # of numbers and fingerprints
_BYTES_AT_ONCE = 2_000_000  # of vectors in one call, so that a busy server is done in time
_LONGEST_STATE = 4096
STATE_NUMBER = -1
"""The number of the row that tells the state of the collection; chunks have positive numbers."""

_INTEGERS = ("print", "facts", "made", *NAMES)
_FIELDS = frozenset({"number", "vector", "sources", "state", *_INTEGERS})

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found, best first: chunk numbers, fingerprints, and who made the rows."""

    numbers: NDArray[np.int64]
    prints: NDArray[np.int64]
    made: NDArray[np.int64]
    scores: NDArray[np.float64]


class MilvusCollection:
    """Calls to one collection; nothing is connected before the first of them. Threads share it.

    It is made for strong consistency: a search sees every row written before it, by any client, and
    no row deleted before it. Weaker levels are quicker on a busy cluster, but may leave out new
    rows, and a partial answer looks like a whole one.

    `states` tells the present state of the catalog of the archive, and then that of its indexes:
    if the collection is in neither, another copy of the archive has written there.
    """

    def __init__(
        self, place: MilvusPlace, states: Callable[[], tuple[str, ...]] = tuple[str, ...]
    ) -> None:
        self.place = place
        self.states = states
        self._client: Any = None
        self._connecting = threading.Lock()

    def close(self) -> None:
        """End the connection, if there is one."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def dimension(self) -> int | None:
        """Return the length of its vectors; `None` if there is no such collection.

        A collection that cannot be searched yet is made ready: its making may have been stopped
        halfway, or somebody has released it.

        Raises:
            MilvusError: the collection was not made by Dateline.
        """
        name = self.place.collection
        if not self._call("has_collection", name, timeout=_TO_ASK):
            return None
        described = self._call("describe_collection", name, timeout=_TO_ASK)
        fields = {field["name"]: field for field in described["fields"]}
        if fields.keys() != _FIELDS:
            raise MilvusError(
                f"{self.place.name} holds something that is not of Dateline, and was left as it "
                "is; name another collection with --index"
            )
        self._make_ready()
        return int(fields["vector"]["params"]["dim"])

    def _make_ready(self) -> None:
        """Give the collection its index and load it, unless that was done."""
        name = self.place.collection
        if not self._call("list_indexes", name, timeout=_TO_ASK):
            self._call("create_index", name, self._index(), timeout=_TO_BUILD)
        state = self._call("get_load_state", name, timeout=_TO_ASK)["state"]
        if state.name != "Loaded":
            self._call("load_collection", name, timeout=_TO_BUILD)

    @staticmethod
    def _index() -> Any:
        from pymilvus import MilvusClient

        index = MilvusClient.prepare_index_params()
        index.add_index("vector", index_type="FLAT", metric_type="IP")
        return index

    def create(self, dimension: int) -> None:
        """Make the collection, empty: vectors are compared exactly, by inner product."""
        from pymilvus import DataType, MilvusClient

        schema = MilvusClient.create_schema(
            auto_id=False, enable_dynamic_field=False, description="vectors of a Dateline archive"
        )
        schema.add_field("number", DataType.INT64, is_primary=True)
        for name in _INTEGERS:
            schema.add_field(name, DataType.INT64)
        schema.add_field(
            "sources", DataType.ARRAY, element_type=DataType.INT64, max_capacity=MOST_SOURCES
        )
        schema.add_field("state", DataType.VARCHAR, max_length=_LONGEST_STATE)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
        self._call(
            "create_collection",
            self.place.collection,
            schema=schema,
            index_params=self._index(),
            consistency_level="Strong",
            timeout=_TO_BUILD,
        )

    def drop(self) -> None:
        """Remove the collection and all rows."""
        self._call("drop_collection", self.place.collection, timeout=_TO_BUILD)

    def read_state(self) -> str | None:
        """Return what the collection says of its state; `None` if it says nothing.

        Raises:
            CollectionGoneError: there is no such collection.
            CollectionNotLoadedError: it has to be made ready first.
        """
        rows = self._call(
            "query",
            self.place.collection,
            filter=f"number == {STATE_NUMBER}",
            output_fields=["state"],
            timeout=_TO_ASK,
        )
        return str(rows[0]["state"]) if rows else None

    def write_state(self, state: str, made: int, dimension: int) -> None:
        """Write down the state of the collection."""
        row: dict[str, Any] = dict.fromkeys(_INTEGERS, 0)
        row |= {"number": STATE_NUMBER, "made": made, "sources": [], "state": state}
        row["vector"] = np.zeros(dimension, dtype=np.float32)
        self._call("upsert", self.place.collection, [row], timeout=_TO_WRITE)

    def upsert(self, rows: Sequence[Mapping[str, Any]], vectors: NDArray[np.float32]) -> None:
        """Write rows with their vectors, replacing those with the same numbers."""
        at_once = max(1, _BYTES_AT_ONCE // (4 * vectors.shape[1]))
        for at in range(0, len(rows), at_once):
            part = [
                {**row, "state": "", "vector": vector}
                for row, vector in zip(
                    rows[at : at + at_once], vectors[at : at + at_once], strict=True
                )
            ]
            self._call("upsert", self.place.collection, part, timeout=_TO_WRITE)

    def delete(self, numbers: NDArray[np.int64]) -> None:
        """Remove rows; numbers that are not there do not matter."""
        for at in range(0, len(numbers), ROWS_AT_ONCE):
            part = numbers[at : at + ROWS_AT_ONCE].tolist()
            self._call("delete", self.place.collection, ids=part, timeout=_TO_WRITE)

    def search(self, vector: NDArray[np.float32], limit: int, expression: str) -> Hits:
        """Return at most `limit` rows that pass a filter, best first; also the row of the state.

        Raises:
            CollectionGoneError: there is no such collection.
        """
        (found,) = self._call(
            "search",
            self.place.collection,
            [vector],
            anns_field="vector",
            filter=expression,
            limit=min(limit, MOST_FOUND),
            output_fields=["print", "made"],
            timeout=_TO_ASK,
        )
        return Hits(
            _integers(hit["id"] for hit in found),
            _integers(hit["entity"]["print"] for hit in found),
            _integers(hit["entity"]["made"] for hit in found),
            np.fromiter((hit["distance"] for hit in found), dtype=np.float64),
        )

    def count(self) -> int:
        """Return the number of rows, that of the state among them."""
        name, counted = self.place.collection, "count(*)"
        rows = self._call("query", name, filter="", output_fields=[counted], timeout=_TO_ASK)
        return int(rows[0][counted])

    def vectors(
        self, numbers: Sequence[int]
    ) -> tuple[dict[int, tuple[int, NDArray[np.float32]]], str | None]:
        """Return who made each of these rows, and its vector; rows that are gone are left out.

        Also what the collection said of its state when the last of them was read: one question
        fewer, each of which may take 0.4 s where reading is strongly consistent.
        """
        found: dict[int, tuple[int, NDArray[np.float32]]] = {}
        state = None
        for at in range(0, len(numbers), 1024):
            part = [int(number) for number in numbers[at : at + 1024]]
            for row in self._call(
                "get",
                self.place.collection,
                ids=[*part, STATE_NUMBER],
                output_fields=["number", "made", "vector", "state"],
                timeout=_TO_ASK,
            ):
                found[row["number"]] = row["made"], np.array(row["vector"], dtype=np.float32)
                state = row["state"] or state
        found.pop(STATE_NUMBER, None)
        return found, state

    def rows(self) -> NDArray[np.int64]:
        """Return number, fingerprint, fingerprint of the facts, and maker of every row.

        They are ascending by number; the row of the state is not among them. A row takes 32 bytes
        of memory, while it is read too, beside one page of what the client makes of them.
        """
        table = array("q")
        for page in self._pages():
            for row in page:
                table.extend([row[name] for name in _TOLD])
        rows = np.asarray(table, dtype=np.int64).reshape(-1, len(_TOLD))
        numbers = rows[:, 0]
        return rows if (numbers[:-1] < numbers[1:]).all() else rows[np.argsort(numbers)]

    def _pages(self) -> Iterator[list[dict[str, int]]]:
        pages = self._call(
            "query_iterator",
            self.place.collection,
            filter="number >= 0",
            batch_size=ROWS_AT_ONCE,
            output_fields=list(_TOLD),
            timeout=_TO_WRITE,
        )
        while page := self._explained(pages.next):
            yield page
        self._explained(pages.close)

    def _call(self, method: str, *args: Any, **how: Any) -> Any:
        return self._explained(lambda: getattr(self._connected(), method)(*args, **how))

    def _connected(self) -> Any:
        with self._connecting:
            if self._client is None:
                self._client = _connect(self.place)
            return self._client

    def _explained(self, call: Callable[[], _Found]) -> _Found:
        """Call Milvus; turn what it raises into an error that names the place and the remedy."""
        grpc, pymilvus = _libraries()
        try:
            return call()
        except pymilvus.MilvusException as error:
            cause = error.__cause__  # the client hides a refused token behind a failed connection
            if isinstance(cause, grpc.RpcError) and cause.code() in _refusals(grpc):
                raise told_error(self.place, 0, _words(cause)) from error
            raise told_error(self.place, _number(error.code), str(error.message)) from error
        except grpc.RpcError as error:
            raise told_error(self.place, 0, _words(error)) from error
        except (OSError, ValueError) as error:
            raise told_error(self.place, 0, str(error)) from error


_TOLD = ("number", "print", "facts", "made")


def _libraries() -> tuple[Any, Any]:
    try:
        import grpc
        import pymilvus
    except ImportError as error:
        raise MilvusError(
            f"an index in Milvus needs its client ({error}); install it with: "
            "pip install 'dateline-qa[milvus]', or leave out --index and DATELINE_INDEX"
        ) from error
    return grpc, pymilvus


def _connect(place: MilvusPlace) -> Any:
    _, pymilvus = _libraries()
    # What it logs of a failed call is in the error that we raise, without a traceback.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL + 1)
    return pymilvus.MilvusClient(
        uri=place.uri,
        token=place.token,
        timeout=_TO_CONNECT,
        dedicated=True,
        grpc_options=_CHANNEL,
    )


# Connections of one process share how long to wait before they try again, up to two minutes. A
# connection of our own, and a short wait, let a question find a server that has come back. An idle
# connection that gives a sign of life more often than every five minutes is ended by the server.
_CHANNEL = {
    "grpc.use_local_subchannel_pool": 1,
    "grpc.max_reconnect_backoff_ms": 1000,
    "grpc.keepalive_time_ms": 330_000,
    "grpc.keepalive_permit_without_calls": 0,
}


def _refusals(grpc: Any) -> tuple[Any, ...]:
    return grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED


def _words(error: Any) -> str:
    return f"{error.code().name}: {error.details()}"


def _number(code: Any) -> int:
    """Return the code of an error as a number; some are of gRPC, and have none."""
    return code if isinstance(code, int) else 0


def _integers(values: Iterator[int]) -> NDArray[np.int64]:
    return np.fromiter(values, dtype=np.int64)
