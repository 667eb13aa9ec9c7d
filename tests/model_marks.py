"""A pytest plugin that marks the tests that load a model, so that the others run without torch.

`tests/conftest.py` registers it, for it also holds for the doctests of `qa` and `index_store`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

MODEL_LIBRARIES = {"torch", "sentence_transformers", "transformers"}
LOADING_FIXTURES = {"encoder", "reader", "tiny_model"}
ROOT = Path(__file__).parents[1]
# Reading one of these imports torch, also when none of its tests is run.
IMPORTING_TORCH = {
    ROOT / "qa/models/reader/network.py",
    ROOT / "qa/models/training/trainer.py",
    ROOT / "tests/models/test_training.py",
}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave files that import torch unread where the tests that load a model are left out."""
    left_out = "not models" in config.option.markexpr
    return True if left_out and collection_path in IMPORTING_TORCH else None


@pytest.hookimpl(tryfirst=True)  # before the marks are asked who stays
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that load a model through a fixture, and those of files that need torch."""
    for item in items:
        used = LOADING_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        if used or item.path in IMPORTING_TORCH:
            item.add_marker(pytest.mark.models)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse to go on where tests without a model are asked for and one is there already."""
    if "not models" in session.config.option.markexpr and (imported := _imported()):
        raise pytest.UsageError(f"reading the tests imports {', '.join(sorted(imported))}")


@pytest.fixture(autouse=True)
def _no_model_without_the_mark(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the first test that imports a library of the models without being marked."""
    before = _imported()
    yield
    if request.node.get_closest_marker("models") is None:
        imported = _imported() - before
        assert not imported, f"imports {', '.join(sorted(imported))}: mark the test with models"


def _imported() -> set[str]:
    return MODEL_LIBRARIES.intersection(sys.modules)
