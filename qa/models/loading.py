"""Loads each model once, when it is first needed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from qa.models.encoder import Encoder, SentenceEncoder
from qa.models.memory import READINGS, RememberingEncoder, RememberingReader
from qa.models.reader.reader import Reader, TrainedReader
from qa.settings import chosen_memory


class Models:
    """The encoder and the reader; several archives can share them.

    All methods are safe to call from several threads at once.
    """

    def __init__(
        self,
        *,
        load_encoder: Callable[..., Encoder] = SentenceEncoder.load,
        load_reader: Callable[..., Reader] = TrainedReader.load,
        encoder: str | None = None,
        reader: str | Path | None = None,
        remembered: int | None = None,
        light: bool = False,
    ) -> None:
        """Name the models to load.

        `encoder` is the name or path of a sentence-transformers model; by default, each archive is
        searched with the encoder that made its vectors. `reader` is the path of a trained reader;
        by default, the reader that comes with Dateline is used.
        What they found for the newest `remembered` questions is not computed again (default:
        DATELINE_REMEMBERED, else 500; 0 remembers nothing).
        `light` is for a process that asks few questions and adds no articles: `load_encoder` and
        `load_reader` get it, and what they load is there sooner and takes less memory.

        Raises:
            SettingsError: DATELINE_REMEMBERED is no such number.
        """
        self.load_encoder: Final = load_encoder
        self._load_reader = load_reader
        self.encoder_name = encoder
        self._how = {"light": True} if light else {}
        self._reader_path = Path(reader).expanduser() if reader is not None else None
        self._remembered = chosen_memory(READINGS) if remembered is None else remembered
        self._encoders: dict[str | None, Encoder] = {}
        self._reader: Reader | None = None
        self._loading = threading.RLock()

    def encoder(self, made_with: str | None = None) -> Encoder:
        """Return the encoder; the first call loads it (seconds).

        `made_with` names the encoder of an archive; it is ignored if `encoder` was given.
        """
        name = self.encoder_name or made_with
        with self._loading:
            if name not in self._encoders:
                encoder, most = self.load_encoder(name, **self._how), self._remembered
                self._encoders[name] = RememberingEncoder(encoder, most) if most else encoder
            return self._encoders[name]

    @property
    def loaded_reader(self) -> Reader | None:
        """The reader, if it is loaded."""
        return self._reader

    def reader(self) -> Reader:
        """Return the reader; the first call loads it (seconds)."""
        with self._loading:
            if self._reader is None:
                reader = self._load_reader(self._reader_path, **self._how)
                most = self._remembered
                self._reader = RememberingReader(reader, most) if most else reader
            return self._reader
