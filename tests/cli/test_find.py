"""`dateline find`: what it prints and writes, and that `dateline verify` confirms it."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from index_store.records import UNKNOWN_DATE, Precision, Provenance, PublicationDate
from qa.__main__ import app
from qa.assistant import Assistant
from tests.store_building import make_article, make_store

runner = CliRunner()

HOSTILE = '=HYPERLINK("http://kwaad.example") brug\u2028 \x1b[31m "brug\tzei\r\n‘-brug’'


def stated(day: date) -> PublicationDate:
    return PublicationDate(day, day, Precision.DAY, Provenance.STATED, str(day))


ARTICLES = [
    make_article(
        "krant/1", "De brug is dicht.\nEen ophaalbrug. Bruggen!", title="De brug over de Zaan",
        published=stated(date(2022, 3, 7)), source="De Kade",
    ),
    make_article(
        "krant/2", "Bij de sluis ligt een brug.", published=stated(date(2021, 5, 1)),
        source="Rijnbode", author="Ria Vos",
    ),
    make_article("krant/3", HOSTILE, title="=1+1", published=UNKNOWN_DATE, source="De Kade"),
    make_article("krant/4", "Niets.", published=stated(date(2022, 4, 1)), source="De Kade"),
]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("find") / "store"
    make_store(path, ARTICLES).close()
    return path


def run(store: Path, *arguments: object, code: int = 0) -> str:
    command = [*map(str, arguments), "--store", str(store)]
    result = runner.invoke(app, command)
    assert result.exit_code == code, result.output
    return result.stdout if not code else result.output


def lines(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.split("\n") if line]


def test_counts_as_json_and_in_words(store: Path) -> None:
    counted = {"query": "brug", "articles": 3, "places": 7, "clusters": 3, "title_places": 1}
    assert json.loads(run(store, "find", "brug", "--count", "--json")) == counted
    assert "teksten: 7; in koppen: 1; artikelen: 3" in run(store, "find", "brug", "--count")
    told = run(store, "find", "the bridge of which", "--count")
    assert told.startswith("Places in texts: 0; in titles: 0; articles: 0")


def test_matches_as_json_quote_their_articles(store: Path) -> None:
    found = lines(run(store, "find", "brug", "--json", "--context", 9))
    assert len(found) == 8
    by_id = {article.id: article for article in ARTICLES}
    for each in found:
        assert list(each) == [
            "article_id", "title", "source", "published", "field", "start", "end", "match",
            "left", "right",
        ]  # fmt: skip
        text = getattr(by_id[each["article_id"]], each["field"])
        assert text[each["start"] : each["end"]] == each["match"]
        assert each["left"] == text[max(0, each["start"] - 9) : each["start"]]
        assert each["right"] == text[each["end"] : each["end"] + 9]
    assert [each["article_id"] for each in found] == sorted(
        (each["article_id"] for each in found), key="krant/2 krant/1 krant/3".index
    )
    with Assistant.open(store) as assistant:
        assert [each.to_dict() for each in assistant.find("brug", context=9)] == found
    assert not lines(run(store, "find", "brug", "--json", "--offset", 10**30, "--limit", 10**30))
    part = lines(run(store, "find", "brug", "--json", "--offset", 2, "--limit", 3))
    assert [each["start"] for each in part] == [each["start"] for each in found[2:5]]


def test_options_choose_the_articles(store: Path) -> None:
    for options, ids in (
        (["--source", "rijnbode"], {"krant/2"}),
        (["--since", "2022", "--until", "2022-03"], {"krant/1"}),
        (["--author", "Ria Vos"], {"krant/2"}),
        (["--section", "Stad"], set()),
        (["--language", "en"], set()),
        (["--as-of", "2021"], {"krant/2"}),
    ):
        found = lines(run(store, "find", "brug", "--json", *options))
        assert {each["article_id"] for each in found} == ids, options


def test_a_concordance_fits_in_eighty_columns(store: Path) -> None:
    shown = run(store, "find", "brug").splitlines()
    assert all(len(line) <= 80 for line in shown)
    assert shown[0] == "1 mei 2021 · Rijnbode · krant/2"
    assert shown[1].split("[brug]")[0].endswith("Bij de sluis ligt een ")
    assert [line.index("<") for line in shown if "<" in line] == [shown[1].index("[")]
    assert sum("[" in line or "<" in line for line in shown) == 8
    for order in ("left", "right"):
        ordered = run(store, "find", "brug", "--sort", order).splitlines()
        assert all(len(line) <= 80 for line in ordered)
        assert sum(line.startswith("krant/") for line in ordered) == 8
    by_right = run(store, "find", "=brug", "--sort", "right").splitlines()
    behind = [line.partition("]")[2].split() for line in by_right if "]" in line]
    assert [words[0] for words in behind if words] == [".", "’", '"brug', "is", "zei"]


@pytest.mark.parametrize("order", ["date", "left", "right"])
def test_context_is_for_files_and_changes_no_concordance(store: Path, order: str) -> None:
    command = ["find", "brug", "--sort", order]
    assert run(store, *command, "--context", 0) == run(store, *command)
    found = lines(run(store, *command, "--json", "--context", 0))
    assert {each["left"] + each["right"] for each in found} == {""}
    usual = lines(run(store, *command, "--json"))
    assert [each["start"] for each in found] == [each["start"] for each in usual]


@pytest.mark.parametrize("name", ["m.jsonl", "m.csv"])
def test_verify_checks_what_was_found(store: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    if name.endswith("csv"):
        run(store, "find", "brug OR hyperlink OR zei", "--csv", file)
        table = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
        assert {row["title"] for row in table} >= {"'=1+1", "De brug over de Zaan", ""}
    else:
        file.write_text(run(store, "find", "brug OR hyperlink OR zei", "--json"))
    assert "10 of 10 quotes stand" in run(store, "verify", file)
    assert json.loads(run(store, "verify", file, "--json")) == {
        "quotes": 10, "failures": [], "differences": [],
    }  # fmt: skip
    changed = file.read_text("utf-8-sig").replace("Rijnbode", "Rijnpost")
    changed = changed.replace('"Bruggen"', '"Brugge"').replace("krant/3", "krant/9")
    changed = changed.replace("Een ophaalbrug", "Een Ophaalbrug", 1)  # behind another match
    file.write_text(changed, encoding="utf-8")
    found = json.loads(run(store, "verify", file, "--json", code=1))
    reasons = sorted(each["reason"] for each in found["failures"])
    assert reasons == ["differs", *["no_article"] * 5]
    said = [each["said"].partition(":")[0] for each in found["differences"]]
    assert sorted(said) == ["right", "source"]


NO_MATCHES = ['{"article_id": "a"}', "[1]", "{", '{"article_id": "a", "article_id": "b"}', "\udcff"]


@pytest.mark.parametrize("line", NO_MATCHES)
def test_verify_says_which_line_is_no_match(store: Path, tmp_path: Path, line: str) -> None:
    file = tmp_path / "m.jsonl"
    good = run(store, "find", "brug", "--json", "--limit", 1)
    file.write_bytes((good + line + "\n").encode(errors="surrogateescape"))
    told = run(store, "verify", file, code=1)
    assert "line 2" in told or "UTF-8" in told


def test_a_table_that_cannot_be_written_leaves_the_old_one(store: Path, tmp_path: Path) -> None:
    assert "cannot be written" in run(store, "find", "brug", "--csv", tmp_path / "x/y.csv", code=1)
    file = tmp_path / "m.csv"
    file.write_text("oud")
    run(store, "find", "brug AND", "--csv", file, code=2)
    assert file.read_text() == "oud"
    assert [each.name for each in tmp_path.iterdir()] == ["m.csv"]


def test_counts_by_month_and_by_source(store: Path) -> None:
    months = lines(run(store, "find", "brug", "--by", "month", "--json"))
    names = ("value", "articles", "places", "of_articles")
    assert [tuple(each[name] for name in names) for each in months] == [
        ("2021-05", 1, 1, 1), ("2022-03", 1, 3, 1), ("2022-04", 0, 0, 1), (None, 1, 3, 1),
    ]  # fmt: skip
    table = run(store, "find", "brug", "--by", "source").splitlines()
    assert table[1].split() == ["De", "Kade", "6", "2", "3", "2.000"]
    assert table[2].split() == ["Rijnbode", "1", "1", "1", "1.000"]
    days = run(store, "find", "brug", "--by", "weekday")
    assert "maandag" in days
    assert "onbekend" in days


def test_a_second_facet_makes_a_table_of_both(store: Path, tmp_path: Path) -> None:
    command = ["find", "brug", "--by", "year", "--by", "source"]
    shown = run(store, *command).splitlines()
    assert shown[0].split() == ["De", "Kade", "Rijnbode", "totaal"]
    assert [line.split() for line in shown[1:-1]] == [
        ["2021", "0", "1", "1"], ["2022", "3", "0", "3"], ["onbekend", "3", "0", "3"],
        ["totaal", "6", "1", "7"],
    ]  # fmt: skip
    assert "elk artikel één keer" in shown[-1]
    cells = lines(run(store, *command, "--json"))
    assert [(each["values"], each["places"]) for each in cells] == [
        (["2021", "Rijnbode"], 1), (["2022", "De Kade"], 3), ([None, "De Kade"], 3),
    ]  # fmt: skip
    assert cells[0]["by"] == ["year", "source"]
    file = tmp_path / "tabel.csv"
    run(store, *command, "--csv", file)
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    values = ["De Kade", "Rijnbode", "total"]
    assert rows[0] == ["year × source", *values, *(f"title_places_{each}" for each in values)]
    assert rows[-1][:4] == ["total", "6", "1", "7"]
    wide = run(store, "find", "brug", "--by", "source", "--by", "day").splitlines()
    assert all(len(line) <= 80 for line in wide)
    assert run(store, "find", "zeppelin", "--by", "source", "--by", "author").count("0") == 1


def test_queries_are_compared_in_one_series(store: Path, tmp_path: Path) -> None:
    command = ["find", "brug", "--compare", "sluis", "--by", "year", "--per", "10000-words"]
    found = lines(run(store, *command, "--json"))
    assert [(each["value"], each["query"], each["places"]) for each in found] == [
        ("2021", "brug", 1), ("2021", "sluis", 1), ("2022", "brug", 3), ("2022", "sluis", 0),
        (None, "brug", 3), (None, "sluis", 0),
    ]  # fmt: skip
    assert [each["of_words"] for each in found] == [6, 6, 8, 8, 9, 9]
    assert found[0]["per_10000_words"] == pytest.approx(10_000 / 6)
    table = run(store, *command).splitlines()
    assert table[0].split() == ["brug", "sluis", "woorden"]
    assert table[1].split() == ["2021", "1", "(1666.667)", "1", "(1666.667)", "6"]
    assert all(len(line) <= 80 for line in table)
    assert "10.000 woorden" in table[-1]
    alone = run(store, "find", "brug", "--by", "year", "--per", "10000-words").splitlines()
    assert alone[1].split() == ["2021", "1", "1", "6", "1666.667"]
    file = tmp_path / "tabel.csv"
    run(store, "find", "=brug", "--by", "source", "--csv", file)
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    assert [(row["value"], row["query"], row["places"]) for row in rows] == [
        ("De Kade", "'=brug", "4"), ("Rijnbode", "'=brug", "1"),
    ]  # fmt: skip


def test_many_queries_are_told_within_eighty_columns(store: Path) -> None:
    more = [each for at in range(9) for each in ("--compare", f"brug{at}" * 9)]
    for options in ([], ["--bars"], ["--per", "article"]):
        shown = run(store, "find", "brug", *more, "--by", "month", *options).splitlines()
        legend = shown.pop(0) if options == ["--bars"] else ""
        assert legend.count("brug") in (0, 82)
        assert all(len(line) <= 80 for line in shown)


def test_bars_stand_beside_their_numbers(store: Path) -> None:
    shown = run(store, "find", "brug", "--by", "month", "--bars").splitlines()
    assert [line.split()[:2] for line in shown] == [
        ["2021-05", "1"], ["2022-03", "3"], ["2022-04", "0"], ["onbekend", "3"],
    ]  # fmt: skip
    lengths = [line.count("█") for line in shown]
    assert lengths[1] == lengths[3] == max(lengths)
    assert lengths[0] == round(max(lengths) / 3)
    assert lengths[2] == 0


def test_collocates_are_told(store: Path, tmp_path: Path) -> None:
    command = ["find", "brug", "--collocates", "--minimum", 1, "--window", 3]
    told = json.loads(run(store, *command, "--json"))
    numbers = ("query", "window", "minimum", "measure", "places", "articles")
    assert [told[name] for name in numbers] == ["brug", 3, 1, "log-likelihood", 7, 3]
    assert {each["word"] for each in told["collocates"]} >= {"sluis", "dicht"}
    assert list(told["collocates"][0]) == [
        "word", "forms", "count", "total", "expected", "log_likelihood", "log_dice",
    ]  # fmt: skip
    shown = run(store, *command, "--measure", "log-dice", "--function-words").splitlines()
    assert shown[0].split() == ["woord", "erbij", "totaal", "verwacht", "G²", "logDice"]
    scores = [float(line.split()[-1]) for line in shown[1:-2]]
    assert scores == sorted(scores, reverse=True)
    assert {"de", "een"} & {line.partition(" ")[0] for line in shown}
    assert "Bij 7 plaatsen in 3 teksten" in shown[-1]
    file = tmp_path / "woorden.csv"
    run(store, *command, "--csv", file, "--limit", 2)
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    assert [row["word"] for row in rows] == [each["word"] for each in told["collocates"][:2]]
    nothing = run(store, "find", "nergens", "--collocates").splitlines()
    assert len(nothing) == 3


def test_ngrams_are_told(store: Path, tmp_path: Path) -> None:
    command = ["find", "brug", "--ngrams", "--minimum", 1, "--longest", 3]
    told = json.loads(run(store, *command, "--json"))
    numbers = ("query", "shortest", "longest", "minimum", "places", "articles")
    assert [told[name] for name in numbers] == ["brug", 2, 3, 1, 7, 3]
    assert {"text": "een brug", "words": 2, "count": 1, "articles": 1} in told["ngrams"]
    shown = run(store, *command).splitlines()
    assert shown[0].split() == ["woordgroep", "keer", "teksten"]
    assert all(len(line) <= 80 for line in shown[:-1])
    assert len(shown) == len(told["ngrams"]) + 3
    assert shown[-1].startswith("Bij 7 plaatsen in 3 teksten: groepen van 2 tot 3 woorden")
    file = tmp_path / "groepen.csv"
    run(store, *command, "--csv", file, "--limit", 2)
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    assert [row["text"] for row in rows] == [each["text"] for each in told["ngrams"][:2]]
    assert run(store, "find", "the nothing", "--ngrams").startswith("words")


def test_a_plot_is_drawn_beside_the_table(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "p.svg"
    told = run(store, "find", "brug", "--by", "month", "--plot", file)
    assert told == run(store, "find", "brug", "--by", "month")
    assert "2022-03: brug 3" in file.read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["brug AND"], "character 9"),
        (["(" * 10_000], "5000 or fewer"),
        ([""], "empty"),
        (["brug", "--limit", "0"], "limit"),
        (["brug", "--count", "--by", "month"], "only one of"),
        (["brug", "--by", "eeuw"], "eeuw"),
        (["brug", "--sort", "x"], "sort"),
        (["brug", "--collocates", "--by", "month"], "only one of"),
        (["brug", "--collocates", "--measure", "t"], "measure"),
        (["brug", "--collocates", "--window", "0"], "window"),
        (["brug", "--count", "--csv", "m.csv"], "--csv does not go with --count"),
        (["brug", "--count", "--limit", "3"], "--limit does not go with --count"),
        (["brug", "--by", "month", "--limit", "3", "--offset", "2"], "--offset and --limit do not"),
        (["brug", "--by", "month", "--sort", "left"], "--sort does not go with --by"),
        (["brug", "--collocates", "--sort", "left"], "--sort does not go with --collocates"),
        (["brug", "--window", "3"], "need --collocates"),
        (["brug", "--longest", "3"], "need --ngrams"),
        (["brug", "--ngrams", "--collocates"], "only one of"),
        (["brug", "--ngrams", "--offset", "3"], "--offset does not go with --ngrams"),
        (["brug", "--ngrams", "--shortest", "4", "--longest", "3"], "longest is 3"),
        (["brug", "--minimum", "2"], "needs --collocates or --ngrams"),
        (["brug", "--by", "month", "--function-words"], "need --collocates"),
        (["brug", "--count", "--measure", "log-dice"], "need --collocates"),
        (["brug", "--by", "month", "--bars", "--json"], "--json does not go with --bars"),
        (["brug", "--by", "month", "--bars", "--csv", "m.csv"], "--csv does not go with --bars"),
        (["brug", "--compare", "sluis"], "need --by"),
        (["brug", "--per", "article"], "need --by"),
        (["brug", *3 * ["--by", "month"]], "give --by once, or twice"),
        (["brug", *2 * ["--by", "month"]], "two facets for rows"),
        (["brug", "--by", "month", "--by", "source", "--bars"], "--bars does not go with a second"),
        (
            ["brug", "--by", "month", "--by", "source", "--per", "article", "--compare", "sluis"],
            "--compare and --per do not go with a second --by",
        ),
        (["brug", "--by", "month", "--per", "kop"], "kop"),
        (["brug", "--by", "month", "--compare", "sluis AND"], "character 10"),
        (["brug", "--by", "month", "--plot", "p.pdf"], "svg"),
        (["brug", "--by", "month", "--plot", "nergens/p.svg"], "no folder"),
    ],
)
def test_wrong_usage_is_explained(store: Path, arguments: list[str], said: str) -> None:
    told = run(store, "find", *arguments, code=2)
    assert said in " ".join(told.replace("│", " ").split())
