"""What a collection says of itself: whose vectors it holds, and of which state of the catalog."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace

from index_store.errors import StoreMismatchError
from index_store.indexes.milvus import MilvusCollection
from index_store.indexes.milvus_errors import MilvusError
from index_store.records import Identity, Manifest

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class CollectionState:
    """The state of a collection, which its row of the state holds as JSON.

    `made` is random, and stands in every row: a collection that was dropped and made again has
    another. `owner` is random as well, and names a series of writes, of which each began with what
    the one before it had left. `state` is that of the catalog which was written, or is being
    written while `is_complete` is false.

    Copies of one archive have one `store`, and one `owner` up to where they part; but each change
    of a catalog gives it a `state` that no other copy has. So nothing that is copied with a folder,
    or stays behind when it is moved, tells two copies apart, and nothing has to.
    """

    store: str
    manifest: Manifest
    made: int
    owner: str
    state: str
    generation: int
    is_complete: bool

    @classmethod
    def new(cls, store: str, manifest: Manifest) -> CollectionState:
        """Return the state of a collection without chunks, not of any state of the catalog."""
        made = secrets.randbits(62)
        return cls(store, manifest, made, new_owner(), "", -1, is_complete=False)

    @classmethod
    def parse(cls, written: str) -> CollectionState | None:
        """Read a state; `None` if it cannot be read."""
        try:
            described = json.loads(written)
            if described.pop("format") != _FORMAT:
                return None
            return cls(**{**described, "manifest": Manifest(**described["manifest"])})
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def written(self) -> str:
        """Return the state as JSON."""
        return json.dumps({"format": _FORMAT, **asdict(self)})

    def filling(self, owner: str, identity: Identity, generation: int) -> CollectionState:
        """Return the state while the rows of a state of the catalog are written."""
        return replace(
            self, owner=owner, state=identity.state, generation=generation, is_complete=False
        )

    def complete(self) -> CollectionState:
        """Return the state once all rows are written."""
        return replace(self, is_complete=True)

    def goes_on_from(self, before: CollectionState, states: Collection[str]) -> bool:
        """Tell whether a collection in this state still holds the chunks it held `before`.

        Of those, only chunks that the catalog no longer has may be gone. `states` are states of
        the catalog since `before`: what another copy of the archive wrote is in none of them.
        """
        is_one_series = (self.store, self.made, self.owner) == (
            before.store,
            before.made,
            before.owner,
        )
        return self == before or (is_one_series and self.state in states)


def new_owner() -> str:
    """Return a name for a series of writes."""
    return secrets.token_hex(8)


def read_state(collection: MilvusCollection) -> CollectionState | None:
    """Return the state of a collection; `None` if it tells none.

    Raises:
        MilvusError: it was written by a newer Dateline, or the server is away.
    """
    return understood(collection, collection.read_state())


def understood(collection: MilvusCollection, written: str | None) -> CollectionState | None:
    """Return the state that a collection told; `None` if it told none.

    Raises:
        MilvusError: it was written by a newer Dateline.
    """
    if written is None:
        return None
    state = CollectionState.parse(written)
    if state is None:
        raise MilvusError(
            f"{collection.place.name} was written by a newer Dateline, or damaged; upgrade "
            "Dateline, or name another collection with --index"
        )
    return state


def refuse_other_archive(collection: MilvusCollection, store: str) -> CollectionState | None:
    """Return the state of a collection, if it is there and tells one of this archive.

    Raises:
        StoreMismatchError: it holds the vectors of another archive; nothing was changed.
        MilvusError: it holds something else, or the server is away.
    """
    state = read_state(collection) if collection.dimension() is not None else None
    if state is not None and state.store != store:
        raise StoreMismatchError(
            collection.place.name,
            expected=f"archive {store[:12]}",
            found=f"the vectors of another archive ({state.store[:12]})",
            remedy="nothing was changed; name another collection with --index, one an archive",
        )
    return state


def prepared(collection: MilvusCollection, store: str, manifest: Manifest) -> CollectionState:
    """Return the state of the collection of an archive; make the collection if it is not there.

    One that holds vectors of the archive by another encoder is made again, empty.

    Raises:
        StoreMismatchError: it holds the vectors of another archive; nothing was changed.
        MilvusError: it holds something else, or the server is away.
    """
    state = refuse_other_archive(collection, store)
    dimension = collection.dimension()
    if state is not None and state.manifest == manifest and dimension == manifest.dimension:
        return state
    if dimension is not None:
        collection.drop()
    collection.create(manifest.dimension)
    made = CollectionState.new(store, manifest)
    write_state(collection, made)
    return made


def write_state(collection: MilvusCollection, state: CollectionState) -> None:
    """Write down the state of a collection."""
    collection.write_state(state.written(), state.made, state.manifest.dimension)
