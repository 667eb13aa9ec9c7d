"""Several archives that one command asks, and the export of such an answer."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import qa.cli.stores
from index_store.local import LocalStore
from qa.__main__ import app
from qa.archive import Archive
from qa.assistant import Assistant
from qa.evaluation.soak.stand_ins import HashEncoder, WordReader
from qa.exports import SUFFIXES, save, verify
from qa.models.loading import Models

TEXTS = {
    "zeeland": "De purperreiger staat in de sloot bij Aardenburg.",
    "drenthe": "De purperreiger staat in het veen bij Emmen.",
}
QUESTION = "Waar staat de purperreiger?"


def hashed(**_: object) -> Models:
    encoder = HashEncoder()
    return Models(load_encoder=lambda _: encoder, load_reader=lambda _: WordReader())


def fill(store: Path, record: dict[str, str]) -> None:
    with Assistant(Archive(LocalStore(store, create=True), hashed())) as assistant:
        assistant.ingest(stream=io.BytesIO(f"{json.dumps(record)}\n".encode()))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two archives in which one id is of different articles."""
    folder = tmp_path_factory.mktemp("archives")
    for name, text in TEXTS.items():
        fill(folder / name, {"id": "reiger", "text": text, "date": "2021-03-01", "source": "Bode"})
    return folder


@pytest.fixture(autouse=True)
def _models_that_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qa.cli.stores, "Models", hashed)


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert result.exit_code == code, result.output
    return result.stdout if not code else " ".join(result.output.replace("│", " ").split())


def both(folder: Path, names: Iterable[str] = TEXTS) -> list[str]:
    return [part for name in names for part in ("--store", f"{name}={folder / name}")]


def test_each_quote_and_passage_says_its_archive(folder: Path) -> None:
    stores = both(folder)
    answer: dict[str, Any] = json.loads(run("ask", QUESTION, *stores, "--json"))
    assert {each["archive"]: each["quote"] for each in answer["citations"]} == TEXTS
    (found,) = [json.loads(run("search", QUESTION, *stores, "--json"))["passages"]]
    assert {each["archive"]: each["text"] for each in found} == TEXTS
    for told in (run("ask", QUESTION, *stores), run("search", QUESTION, *stores)):
        assert all(f" · archief {name} · reiger" in told for name in TEXTS)
    alone = run("ask", QUESTION, "--store", folder / "zeeland")
    assert "archief" not in alone
    assert TEXTS["zeeland"] in alone


def test_stores_that_cannot_be_asked_at_once_are_wrong_usage(folder: Path) -> None:
    unnamed = ("--store", folder / "zeeland", "--store", folder / "drenthe")
    assert "write --store NAME=DIR" in run("ask", QUESTION, *unnamed, code=2)
    for reading in ("--collocates", "--ngrams"):
        assert "one archive at a time" in run("find", "reiger", reading, *both(folder), code=2)
    assert "give --store NAME=DIR" in run("find", "reiger", "--archive", "zeeland", code=2)
    assert "give --store NAME=DIR" in run("ask", QUESTION, "--archive", "zeeland", code=2)
    missing = ("--store", f"weg={folder / 'weg'}")
    assert "no archive at" in run("ask", QUESTION, *both(folder), *missing, code=1)


def test_matches_of_all_say_their_archive_and_are_counted_for_each(folder: Path) -> None:
    stores = both(folder)
    told = [
        json.loads(line) for line in run("find", "purperreiger", *stores, "--json").split("\n")[:-1]
    ]
    assert [each["archive"] for each in told] == ["zeeland", "drenthe"]
    counts = json.loads(run("find", "purperreiger", *stores, "--count", "--json"))
    assert counts["places"] == 2
    assert {each["archive"]: each["places"] for each in counts["archives"]} == {
        "zeeland": 1,
        "drenthe": 1,
    }
    shown = run("find", "purperreiger", *stores)
    assert " · archief drenthe · reiger" in shown
    assert "\n  zeeland: Plaatsen in teksten: 1;" in shown
    by = run("find", "purperreiger", *stores, "--by", "month")
    assert by.count("2021-03") == 3
    assert "archief zeeland" in by
    alone = run("find", "purperreiger", "--store", folder / "zeeland", "--json")
    assert "archive" not in json.loads(alone)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_matches_of_several_archives_are_verified_in_them(
    folder: Path, tmp_path: Path, suffix: str
) -> None:
    stores, file = both(folder), tmp_path / f"plaatsen{suffix}"
    if suffix == ".csv":
        run("find", "purperreiger", *stores, "--csv", file)
    else:
        file.write_text(run("find", "purperreiger", *stores, "--json"), encoding="utf-8")
    assert "2 of 2 quotes stand exactly as exported\n" in run("verify", file, *stores)
    alone = run("verify", file, "--store", folder / "zeeland", code=1)
    assert "differences beside them: 1" in alone  # of the other archive, the words around
    counts = tmp_path / "tellingen.csv"
    run("find", "purperreiger", *stores, "--by", "month", "--csv", counts)
    assert '"places_drenthe"' in counts.read_text(encoding="utf-8-sig").splitlines()[0]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_export_of_several_archives_is_verified_against_them(
    folder: Path, tmp_path: Path, suffix: str
) -> None:
    export = tmp_path / f"antwoord{suffix}"
    run("ask", QUESTION, *both(folder), "--export", export)
    assert "2 of 2 quotes stand exactly as exported\n" in run("verify", export, *both(folder))
    names = list(TEXTS)
    crossed = [
        part
        for name, other in zip(names, names[::-1], strict=True)
        for part in ("--store", f"{name}={folder / other}")
    ]
    assert "0 of 2 quotes" in run("verify", export, *crossed, code=1)
    assert "1 of 2 quotes" in run("verify", export, "--store", folder / "zeeland", code=1)


MORE = " ".join(f"Zin {number} gaat over het veen en de vogels." for number in range(12))
STORY = {"text": f"De teller heet Ada Blok. Er zijn zes paar. {MORE}", "date": "2021-03-02"}


def filled_with_copies(folder: Path) -> list[str]:
    """Return the options of two archives that hold one story, each under the same id."""
    for name, number in (("oost", "vier"), ("west", "vijf")):
        text = f"De teller heet Ada Blok. Er zijn {number} paar. {MORE}"
        record = {"id": "paar", "text": text, "date": "2021-03-01", "source": name.title()}
        fill(folder / name, record)
    return both(folder, ("oost", "west"))


@pytest.mark.parametrize(
    ("suffix", "said", "otherwise"),
    [
        (".json", '"archive": "west"', '"archive": "oost"'),
        (".csv", '"[""west""]"', '"[""oost""]"'),
        (
            ".ris",
            ", archief west] paar West, 1 maart 2021",
            ", archief oost] paar West, 1 maart 2021",
        ),
        (".csl.json", ", archief west] paar West, 1 ", ", archief oost] paar West, 1 "),
        (".md", "Ook in: paar (archief west): West, 1 maart 2021", ""),
        (".html", "paar (archief west): West, 1 maart 2021", ""),
    ],
)
def test_a_copy_in_another_archive_is_named_by_it_and_verified(
    suffix: str, said: str, otherwise: str, tmp_path: Path
) -> None:
    stores, export = filled_with_copies(tmp_path), tmp_path / f"antwoord{suffix}"
    run("ask", "Hoe heet de teller?", *stores, "--export", export)
    text = export.read_bytes().decode()
    assert text.count(said) == 1
    assert "1 of 1 quotes stand exactly as exported\n" in run("verify", export, *stores)
    export.write_bytes(text.replace(said, otherwise).encode())
    assert "1 of 1 quotes stand exactly" in run("verify", export, *stores, code=1)


def test_a_copy_in_another_archive_names_it_in_the_shell_and_in_a_notebook(tmp_path: Path) -> None:
    stores = filled_with_copies(tmp_path)
    fill(tmp_path / "oost", {**STORY, "id": "naast", "source": "Zuid"})
    told = "ook in West (1 maart 2021, archief west), Zuid (2 maart 2021)"
    assert told in run("ask", "Hoe heet de teller?", *stores)
    opened = [
        Archive(LocalStore(tmp_path / name), hashed(), name=name) for name in ("oost", "west")
    ]
    with Assistant(opened[0]) as first, Assistant(opened[1]) as second:
        answer = Assistant.together([first, second]).ask("Hoe heet de teller?")
        assert told in answer._repr_html_()


def test_a_table_of_before_the_archives_of_copies_were_told_is_verified(tmp_path: Path) -> None:
    stores, export = filled_with_copies(tmp_path), tmp_path / "antwoord.csv"
    run("ask", "Hoe heet de teller?", *stores, "--export", export)
    rows = list(csv.reader(io.StringIO(export.read_text(encoding="utf-8-sig"), newline="")))
    assert rows[0][-2:] == ["archive", "also_in_archives"]
    with export.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(row[:-1] for row in rows)
    assert "1 of 1 quotes stand exactly as exported\n" in run("verify", export, *stores)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", ["we]st] x", "title 0-4", "a\u2028b", "=1+1", '","'])
def test_a_hostile_name_of_the_archive_of_a_copy_is_only_text(
    suffix: str, name: str, tmp_path: Path
) -> None:
    filled_with_copies(tmp_path)
    models, export = hashed(), tmp_path / f"antwoord{suffix}"
    opened = [
        Archive(LocalStore(tmp_path / store), models, name=given)
        for store, given in (("oost", "oost"), ("west", name))
    ]
    with Assistant(opened[0]) as first, Assistant(opened[1]) as second:
        answer = Assistant.together([first, second]).ask("Hoe heet de teller?")
        assert [each.archive for each in answer.also_in] == [name]
        save(export, [answer])
        known = {"oost": first.article, name: second.article}
        assert verify(export, known) == []
