"""Examines an archive where it is stored, without changing it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index_store.catalog.survey import Survey, survey_catalog
from index_store.errors import StoreCorruptError
from index_store.folder import CATALOG, last_change, store_bytes
from index_store.indexes import derived
from index_store.indexes.milvus import MilvusCollection
from index_store.indexes.milvus_errors import MilvusError
from index_store.indexes.milvus_place import MilvusPlace
from qa.diagnosis.finding import Finding, fine, remark, size, trouble
from qa.diagnosis.installation import nearest_folder
from qa.models.encoder import PACKAGED_NAME, packaged_hash

_LEAST_FREE = 200_000_000


@dataclass(frozen=True, slots=True)
class StoreLook:
    """What a look at the folder of an archive showed; no `survey` if there is no archive."""

    path: Path
    survey: Survey | None = None

    @property
    def newest(self) -> datetime | None:
        """The day of the newest article."""
        day = self.survey.newest if self.survey else None
        return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None

    @property
    def written(self) -> datetime | None:
        """When articles were last written."""
        return last_change(self.path)


class StoreExamination:
    """Looks at an archive once, and tells what it saw in several findings."""

    def __init__(self, path: Path, index: MilvusPlace | None = None) -> None:
        self._path = path
        self._index = index
        self.look = StoreLook(path)

    def examine_catalog(self) -> Iterator[Finding]:
        """Tell whether there is an archive that can be opened, and what it holds."""
        path = self._path
        if not path.exists():
            yield from _missing(path)
            return
        if not path.is_dir():
            told, remedy = f"{path} is no folder", "name a folder with --store"
            yield trouble("store", told, remedy)
            return
        if not (path / CATALOG).exists() or not (path / CATALOG).stat().st_size:
            yield _without_catalog(path)
            return
        try:
            survey = survey_catalog(path / CATALOG)
        except StoreCorruptError as error:
            told = str(error).partition("; nothing was changed")[0]
            yield trouble("store", told, _repair(path))
            return
        self.look = StoreLook(path, survey)
        yield self._of_survey(survey)

    def _of_survey(self, survey: Survey) -> Finding:
        told = f"{self._path}: {survey.articles} articles, {survey.chunks} chunks, "
        told += f"tables of version {survey.version}, {size(store_bytes(self._path))}"
        if survey.damage:
            return trouble("store", f"{told}; damaged: {survey.damage}", _repair(self._path))
        if survey.setback is not None:
            catalog = self._path / CATALOG
            older = f"{told}; {survey.setback.told(catalog)}"
            return trouble("store", older, survey.setback.remedy(catalog))
        if survey.version < survey.newest_version:
            remedy = "nothing, if you may write there; opening it brings it up to date"
            return remark("store", told, remedy)
        if not survey.is_examined:
            remedy = f"examine the rest with: dateline check --store {self._path}"
            return remark("store", f"{told}; too large to be examined in a moment", remedy)
        return fine("store", told)

    def examine_indexes(self) -> Iterator[Finding]:
        """Tell whether the indexes are whole, and are those of the catalog."""
        survey = self.look.survey
        if survey is None or survey.manifest is None:
            return
        if survey.identity is None:
            return  # they are made again with the tables
        home = MilvusCollection(self._index) if self._index else None
        place = f" in {self._index.name}" if self._index else ""
        loaded = derived.load_current(self._path / "derived", survey.manifest, home)
        again = "nothing; the next question makes them from the catalog, and encodes nothing"
        if loaded is None or not loaded.is_at_home:
            yield remark("index", f"missing, damaged or of another version{place}", again)
            return
        try:
            behind = loaded.is_behind(survey.identity)
        except MilvusError as error:
            told, _, remedy = str(error).partition("; ")
            yield trouble("index", told, remedy)
            return
        finally:
            if home is not None:
                home.close()
        if behind:
            told = f"behind the catalog{place}; an ingest may be running"
            yield remark("index", told, again)
        else:
            told = f"{len(loaded.contents)} chunks, as in the catalog{place}"
            yield fine("index", f"{told}; every checksum is right")

    def examine_vectors(self) -> Iterator[Finding]:
        """Tell whether questions can be encoded as the articles were."""
        survey = self.look.survey
        if survey is None or survey.manifest is None:
            return
        name, made = survey.manifest.encoder, survey.manifest.weights_hash
        told = f"made by {name} ({made[:12]}…)"
        again = f"dateline reindex --store {self._path}"
        if name == PACKAGED_NAME and made != packaged_hash():
            here = f"; the encoder here is another ({packaged_hash()[:12]}…)"
            yield trouble("vectors", told + here, f"install what made them, or run: {again}")
        elif name == PACKAGED_NAME or not Path(name).is_absolute():
            yield fine("vectors", told)
        elif not Path(name).is_dir():
            remedy = f"put the folder back, or run: {again} --encoder NAME"
            yield trouble("vectors", f"{told}, which is gone", remedy)
        else:
            yield fine("vectors", told)

    def examine_space(self) -> Iterator[Finding]:
        """Tell whether there is room for more articles, and for making the indexes again."""
        free = shutil.disk_usage(nearest_folder(self._path)).free
        needed = max(_LEAST_FREE, store_bytes(self._path))
        told = f"{size(free)} free at {self._path}"
        if free < _LEAST_FREE:
            yield trouble("space", told, f"make room: {size(_LEAST_FREE)} at least")
        elif free < needed:
            remedy = f"make {size(needed)} of room, which reindexing and a repair may need"
            yield remark("space", told, remedy)
        else:
            yield fine("space", told)

    def examine_writing(self) -> Iterator[Finding]:
        """Tell whether articles can be added."""
        if not self._path.is_dir():
            return
        files = (self._path / CATALOG, self._path / "derived")
        locked = next((each for each in files if each.exists() and not _is_writable(each)), None)
        try:
            with tempfile.TemporaryFile(dir=self._path):
                pass
        except OSError as error:
            locked, reason = self._path, str(error.strerror)
        else:
            reason = "permission"
        if locked is None:
            yield fine("writing", "articles can be added")
            return
        remedy = "nothing, if it is only to be asked; else change the owner or the rights"
        yield remark("writing", f"{locked} can only be read ({reason})", remedy)


def _missing(path: Path) -> Iterator[Finding]:
    place = next(each for each in path.absolute().parents if each.exists())
    if place.is_dir() and _is_writable(place):
        remedy = f"make one with: dateline ingest FILES --store {path}"
        yield remark("store", f"there is no archive at {path} yet", remedy)
    else:
        told = f"there is no archive at {path}, and none can be made in {place}"
        remedy = "choose another place with --store, or change the owner or the rights"
        yield trouble("store", told, remedy)


def _without_catalog(path: Path) -> Finding:
    if (path / "derived" / "CURRENT").exists():
        told = f"{path / CATALOG} is empty or gone, but indexes made of it are there"
        remedy = "put back a backup with: dateline restore, or move the folder away"
        return trouble("store", told, remedy)
    remedy = f"fill it with: dateline ingest FILES --store {path}"
    return remark("store", f"{path} holds no archive yet", remedy)


def _repair(path: Path) -> str:
    return f"mend it with: dateline repair --store {path}, or put back a backup"


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK)
