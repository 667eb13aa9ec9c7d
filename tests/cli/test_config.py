"""Options that are kept in a file: what counts before what, and what is refused."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.__main__ import app
from tests.store_building import make_article, make_store

runner = CliRunner()


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("STORE", "INDEX", "LABELS", "GENERATOR", "GENERATOR_MODEL", "GENERATOR_TIMEOUT"):
        monkeypatch.delenv(f"DATELINE_{name}", raising=False)
    path = tmp_path / "settings" / "config.toml"
    monkeypatch.setenv("DATELINE_CONFIG", str(path))
    return path


def run(*arguments: str, code: int = 0) -> str:
    done = runner.invoke(app, arguments, env={"COLUMNS": "300"})
    assert done.exit_code == code, done.output
    return done.output


def ids(*arguments: str) -> list[str]:
    return [json.loads(line)["id"] for line in run("articles", "--json", *arguments).splitlines()]


def test_the_command_line_counts_before_the_environment_and_that_before_the_file(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("file", "variable", "line"):
        make_store(tmp_path / name, [make_article(name, "De brug.")]).close()
    run("config", "set", "store", str(tmp_path / "file"))
    assert ids() == ["file"]
    assert "DATELINE_STORE" not in os.environ
    monkeypatch.setenv("DATELINE_STORE", str(tmp_path / "variable"))
    assert ids() == ["variable"]
    assert f"store = {tmp_path / 'variable'} (DATELINE_STORE counts)" in run("config")
    assert ids("--store", str(tmp_path / "line")) == ["line"]
    monkeypatch.delenv("DATELINE_STORE")
    run("config", "unset", "store")
    assert "store" not in kept.read_text(encoding="utf-8")


def test_a_kept_threshold_is_that_of_ask(kept: Path, seed_store: Path) -> None:
    assert run("config") == f"{kept} (not there)\n"
    run("config", "set", "threshold", "1")
    question = ("ask", "Welke bijnaam kreeg Soerovikin?", "--json", "--store", str(seed_store))
    assert json.loads(run(*question))["abstained"] is True
    assert json.loads(run(*question, "--threshold", "0.1"))["abstained"] is False


def test_comments_and_other_lines_stay(kept: Path) -> None:
    kept.parent.mkdir()
    kept.write_text("# van mij\nthreshold = 0.5  # streng\n", encoding="utf-8")
    run("config", "set", "generator", "http://127.0.0.1:9/v1")
    run("config", "set", "generator_timeout", "5")
    assert kept.read_text(encoding="utf-8").startswith("# van mij\nthreshold = 0.5  # streng\n")
    told = run("config")
    assert told.splitlines() == [
        str(kept),
        "threshold = 0.5",
        "generator = http://127.0.0.1:9/v1",
        "generator_timeout = 5.0",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("threshold = 0.5\nstore =\n", "line 2"),
        ("\nkleur = 'rood'\n", "line 2: no option 'kleur' is kept; known are store"),
        ("# a\nthreshold = 3\n", "line 2: threshold is 3: threshold is 3; it must lie in 0–1"),
        ("threshold = true", "line 1: threshold is neither"),
        ("store = 'hier'", "give the whole path"),
        ("index = 'ftp://x'", "line 1: index is 'ftp://x'"),
        ("generator = 'localhost'", "give an address"),
        ("[store]\nx = 1", "line 1: store is neither"),
        ("\ud800", "it is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_line(
    kept: Path, text: str, said: str
) -> None:
    kept.parent.mkdir()
    kept.write_bytes(text.encode("utf-8", "surrogatepass"))
    for command in (("articles",), ("config", "set", "threshold", "0.5")):
        told = run(*command, code=1)
        assert str(kept) in told
        assert said in told
    assert kept.read_bytes() == text.encode("utf-8", "surrogatepass")


def test_what_cannot_be_kept_is_wrong_usage(kept: Path) -> None:
    for arguments in (
        ("set", "kleur", "rood"),
        ("set", "threshold", "veel"),
        ("set", "store", "hier"),
        ("unset", "kleur"),
    ):
        run("config", *arguments, code=2)
    assert not kept.exists()


def test_the_language_of_labels_is_kept(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    make_store(store, [make_article("a", "De brug is dicht, the bridge is closed.")]).close()

    def found(*options: str) -> str:
        return run("find", "the bridge", "--count", "--store", str(store), *options)

    assert found().startswith("Places in texts: ")
    run("config", "set", "labels", "nl")
    assert found().startswith("Plaatsen in teksten: ")
    monkeypatch.setenv("DATELINE_LABELS", "en")
    assert found().startswith("Places in texts: ")
    monkeypatch.setenv("DATELINE_LABELS", "fr")
    assert "labels are in nl or en, not 'fr'" in run(
        "find", "brug", "--count", "--store", str(store), code=1
    )
    assert "labels are in nl or en" in run("config", "set", "labels", "fr", code=2)
    assert kept.read_text(encoding="utf-8") == 'labels = "nl"\n'
