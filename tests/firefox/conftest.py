from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from qa.assistant import Assistant
from qa.web.access.middleware import Access
from tests.conftest import open_hashed
from tests.firefox.window import Window
from tests.page_serving import serving
from tests.paths import SEEDS

REQUIRED = "DATELINE_TEST_FIREFOX_REQUIRED"
"""Set where Firefox and its driver must be there, as in `.ci/run`: then nothing is skipped."""

# Firefox ends what still runs in a page that is left, and Gradio tells of its stream of events.
_OF_LEAVING = (
    "Script terminated by timeout",
    "AbortError",
    "Connection errored out",
    "NetworkError",
)

NEWS = {
    "id": "nrc/troepen-januari",
    "title": "Honderdduizend militairen aan de grens",
    "text": "Aan de grens bij Brjansk staan 100 tanks, zei een woordvoerder maandag.",
    "date": "2022-01-24",
    "source": "NRC",
    "author": "Michel Kerres",
}


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """One Firefox for all tests."""
    binary = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)
    if binary is None or find_spec("marionette_driver") is None:
        remedy = "Firefox or marionette-driver not installed; CONTRIBUTING.md says how"
        if os.environ.get(REQUIRED):
            pytest.fail(remedy)
        pytest.skip(remedy)
    with Window(binary, tmp_path_factory.mktemp("firefox")) as window:
        yield window


@pytest.fixture
def window(firefox: Window) -> Iterator[Window]:
    """Firefox for one test; in it, nothing may go wrong in a page."""
    before = len(firefox.complaints())
    yield firefox
    firefox.forget()
    assert [
        each
        for each in firefox.complaints()[before:]
        if not any(part in each for part in _OF_LEAVING)
    ] == []


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Assistant]]:
    """The address of a page over the seeds and one more article, and its assistant."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "krant.jsonl").write_text(json.dumps(NEWS), encoding="utf-8")
    with open_hashed(folder / "store") as assistant:
        assert assistant.ingest([SEEDS, folder / "krant.jsonl"]).added == 6
        access = Access(allow_upload=True)
        with serving(assistant, folder / "store", examples=True, access=access) as address:
            yield address, assistant
