"""Checks what `pip install` of this folder has installed; `.ci/run` calls it with `python -I`.

Isolated so, Python finds the installed Dateline and not the one of this folder. All other tests
run from the folder, where no file is missing.
"""

from __future__ import annotations

import subprocess
import tempfile
from importlib.metadata import files
from pathlib import Path

import qa
from qa import Assistant

ROOT = Path(__file__).parents[1]
# Pages for readers of the source, and the rows of which the reader was trained.
LEFT_OUT = ("qa/models/training/data/", "README.md")


def compare_files() -> None:
    """Compare what the wheel brought with what stands in the folder.

    Raises:
        AssertionError: It lacks a file, or brings one that is nobody's.
    """
    listing = subprocess.run(
        ["git", "ls-files", "qa", "index_store"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    wanted = {
        each
        for each in listing.stdout.splitlines()
        if not each.startswith(LEFT_OUT[0]) and not each.endswith(LEFT_OUT[1])
    }
    brought = {str(each) for each in files("dateline-qa") or () if "__pycache__" not in each.parts}
    assert wanted - brought == set(), f"not in the wheel: {sorted(wanted - brought)}"
    surplus = {
        each
        for each in brought - wanted
        if not each.startswith("dateline_qa-") and Path(each).name not in {"dateline", "README.md"}
    }
    assert surplus == set(), f"in the wheel, but not in the repository: {sorted(surplus)}"


def ask_the_seeds() -> None:
    """Answer a question by the encoder, the reader and the calibration that came with it."""
    assert not Path(qa.__file__).is_relative_to(ROOT)
    with (
        tempfile.TemporaryDirectory() as folder,
        Assistant.open(Path(folder) / "store", create=True) as assistant,
    ):
        assistant.ingest([ROOT / "seeds"])
        answer = assistant.ask("Welke bijnaam kreeg Sergej Soerovikin?")
        assert answer.answer is not None
        assert "Armageddon" in answer.answer


if __name__ == "__main__":
    compare_files()
    ask_the_seeds()
