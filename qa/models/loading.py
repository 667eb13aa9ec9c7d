"""The models that answer, each loaded when it is first needed, and once."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from pathlib import Path

from index_store.local import LocalStore
from index_store.store import StoreView
from qa.models.calibration import FILE_NAME, Calibration
from qa.models.encoder import Encoder
from qa.models.reader.reader import Reader


class Models:
    """The encoder, the reader and the calibration in use with one store.

    Any of its methods may be called from several threads at once.
    """

    def __init__(
        self,
        store: LocalStore,
        *,
        load_encoder: Callable[[str | None], Encoder],
        load_reader: Callable[[Path | None], Reader],
        encoder_name: str | None,
        reader_path: Path | None,
    ) -> None:
        """Name what is to be loaded; `None` stands for the store's own encoder or our reader."""
        self._store = store
        self._load_encoder = load_encoder
        self._load_reader = load_reader
        self.encoder_name = encoder_name
        self._reader_path = reader_path
        self._encoder: Encoder | None = None
        self._reader: Reader | None = None
        self._calibration: Calibration | None = None
        self._loading = threading.RLock()

    def encoder(self) -> Encoder:
        """Return the encoder, loading it at the first call (seconds)."""
        with self._loading:
            if self._encoder is None:
                present = self._store.catalog.manifest()
                name = self.encoder_name or (present.encoder if present else None)
                self._encoder = self._load_encoder(name)
            return self._encoder

    def reader(self) -> Reader:
        """Return the reader, loading it at the first call (seconds)."""
        with self._loading:
            if self._reader is None:
                self._reader = self._load_reader(self._reader_path)
            return self._reader

    def calibration(self) -> Calibration:
        """Return the calibration of this archive, or the one that comes with Dateline."""
        with self._loading:
            if self._calibration is None:
                own = self._store.path / FILE_NAME
                self._calibration = Calibration.load(own if own.is_file() else None)
            return self._calibration

    def fingerprint(self, view: StoreView | None, *settings: object) -> str:
        """Hash all that decides an answer: the state of the store, the models, the settings."""
        parts = [repr(each) for each in settings]
        if view is None:
            parts.append("empty")
        else:
            parts += [view.fingerprint, view.manifest.weights_hash, self.reader().weights_hash]
            parts.append(repr(self.calibration()))
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
