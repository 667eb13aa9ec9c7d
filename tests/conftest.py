from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from typer.main import get_command

from index_store.local import LocalStore
from qa.archive import Archive
from qa.assistant import Assistant
from qa.evaluation.soak.stand_ins import HashEncoder, WordReader
from qa.models.encoder import SentenceEncoder
from qa.models.loading import Models
from qa.models.reader.reader import TrainedReader
from tests import model_marks
from tests.paths import SEEDS

if "PYTEST_XDIST_WORKER" in os.environ:
    # Several workers with several threads each would wait for one another; torch reads this late.
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(model_marks)


@pytest.fixture(scope="session", autouse=True)
def _one_command_line() -> Iterator[None]:
    """Make the commands once, as a program does: that takes longer than most of them run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer.testing._get_command", cache(get_command))
        yield


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    """The real, packaged encoder."""
    return SentenceEncoder.load()


@pytest.fixture(scope="session")
def reader() -> TrainedReader:
    """The real reader."""
    return TrainedReader.load()


@pytest.fixture(scope="session")
def seed_store(encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the five seed articles, made with the real encoder; not to be written to."""
    path = tmp_path_factory.mktemp("seeds") / "store"
    with Assistant(
        Archive(LocalStore(path, create=True), Models(load_encoder=lambda _: encoder))
    ) as assistant:
        assistant.ingest([SEEDS])
    return path


@pytest.fixture
def seed_assistant(
    encoder: SentenceEncoder, reader: TrainedReader, seed_store: Path
) -> Iterator[Assistant]:
    models = Models(load_encoder=lambda _: encoder, load_reader=lambda _: reader)
    with Assistant(Archive(LocalStore(seed_store), models)) as assistant:
        yield assistant


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def assistant(store_path: Path) -> Iterator[Assistant]:
    """An assistant over an empty store, with models that cost nothing."""
    with open_hashed(store_path) as opened:
        yield opened


def open_hashed(path: Path, encoder: HashEncoder | None = None) -> Assistant:
    chosen = encoder or HashEncoder()
    models = Models(load_encoder=lambda _: chosen, load_reader=lambda _: WordReader())
    return Assistant(Archive(LocalStore(path, create=True), models))
