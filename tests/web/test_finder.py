"""What the server gives the view for exhaustive search, and the downloads of all matches."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from index_store.records import UNKNOWN_DATE, Article, Precision
from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.exports import verify
from qa.exports.match_files import csv_lines, json_lines
from qa.retrieval.match import match_at
from qa.retrieval.query import Place
from qa.retrieval.query.records import TEXT, TITLE
from qa.web import match_download
from qa.web.access.gate import BusyError, Gate
from qa.web.find_request import read_request
from qa.web.page import name_lists
from qa.web.page.beside import Beside
from qa.web.page.finder import finding_functions, whole_of
from qa.web.page.name_lists import naming_functions
from qa.web.page.page_question import PageQuestion
from qa.web.served import ServedArchive
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, running

pytestmark = PANDAS_WARNINGS

SOURCES = ("NRC", "Trouw", "De Gelderlander")


def records() -> Iterator[dict[str, Any]]:
    """Yield sixty articles of six years with a bridge at 1–3 places, and some that say no day."""
    for number in range(60):
        yield {
            "id": f"bericht/{number:02}",
            "title": f"Brug {number}" if number % 4 == 0 else f"Bericht {number}",
            "text": f"In {number} wil de raad een brug. " + "De brug komt er. " * (number % 3),
            "date": f"{2016 + number // 10}-{number % 12 + 1:02}-03" if number % 10 else "2018",
            "source": SOURCES[number % 3],
        }
    yield {"id": "weg", "title": "Zonder dag", "text": "Een brug zonder dag.", "source": "NRC"}
    yield {"id": "vijand", "title": HOSTILE, "text": f"Ponton {HOSTILE} ponton", "source": HOSTILE}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedArchive]:
    folder = tmp_path_factory.mktemp("finder")
    lines = "\n".join(map(json.dumps, records()))
    (folder / "krant.jsonl").write_text(lines, encoding="utf-8")
    with open_hashed(folder / "store") as assistant:
        assistant.ingest([folder / "krant.jsonl"])
        yield ServedArchive(assistant, store=folder / "store")


@pytest.fixture(scope="module")
def assistant(archive: ServedArchive) -> Assistant:
    return archive.go_on(lambda assistant: assistant)


def called(archive: ServedArchive, name: str, language: str = "nl", **given: Any) -> dict[str, Any]:
    known = [*finding_functions(Beside(archive), language), *naming_functions(archive, language)]
    functions = {each.__name__: each for each in known}
    return functions[name]({"address": urlencode(given, doseq=True)})


def around(row: dict[str, Any]) -> str:
    return f"{row['left']}[{row['match']}]{row['right']}"


def places_of(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(each["article"], around(each), each["field"]) for each in rows]


@pytest.mark.parametrize("order", ["date", "newest", "left", "right", "source"])
def test_the_pages_together_hold_every_match_once(
    archive: ServedArchive, assistant: Assistant, order: str
) -> None:
    rows: list[dict[str, Any]] = []
    page, more = 0, True
    while more:
        page += 1
        got = called(archive, "find_matches", find="brug", order=order, p=page)
        assert got["offset"] == len(rows)
        rows, more = rows + got["rows"], got["more"]
    expected = [
        (each.article_id, around(each.to_dict()), each.field)
        for each in assistant.find("brug", order=order)
    ]
    assert places_of(rows) == expected
    assert len(rows) > 4 * got["page"]
    beyond = called(archive, "find_matches", find="brug", order=order, p=page + 1)
    assert (beyond["rows"], beyond["more"]) == ([], False)


def test_a_place_opens_at_its_match(archive: ServedArchive, assistant: Assistant) -> None:
    for row in called(archive, "find_matches", find="brug")["rows"]:
        article = assistant.article(row["article"])
        assert article is not None
        if row["field"] == "text":
            assert article.text[row["start"] : row["end"]] == row["match"]
        else:  # a title has no place in the text
            assert (row["start"], row["end"]) == (0, 0)
        whole = row["whole"]
        kept = getattr(article, row["field"])[whole["start"] : whole["end"]]
        assert kept == whole["text"]
        assert row["match"] in kept


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Eerst dit. Dan de brug bij Ede. Tot slot.", "brug", "Dan de brug bij Ede."),
        ("Eerst dit. Dan weer de brug.", "dit. Dan", "Eerst dit. Dan weer de brug."),
        (f"{'hoe ' * 600}brug{' dan' * 600}", "brug", "brug"),
        (f"Kop. {'x ' * 2000}\n\nDe brug hier. En {'y ' * 2000}", "brug", "De brug hier."),
    ],
)
def test_what_is_kept_of_a_match_is_its_sentence(text: str, words: str, expected: str) -> None:
    article = Article("a", words, text, UNKNOWN_DATE, "NRC")
    start = text.index(words)
    found = match_at(article, Place(TEXT, start, start + len(words)), 60)
    whole = whole_of(found, article)
    assert (text[whole["start"] : whole["end"]], whole["text"]) == (expected, expected)
    headline = match_at(article, Place(TITLE, 0, 1), 60)
    assert whole_of(headline, article)["text"] == words


def test_a_table_counts_by_two_facets(archive: ServedArchive, assistant: Assistant) -> None:
    functions = {each.__name__: each for each in finding_functions(Beside(archive), "nl")}

    def crossed(rows: Any, columns: Any, find: str = "brug") -> dict[str, Any]:
        asked = {"address": urlencode({"find": find}), "rows": rows, "columns": columns}
        return functions["cross_matches"](asked)

    got, found = crossed("month", "source"), assistant.find("brug").cross("month", "source")
    assert got["by"] == ["month", "source"]
    assert got["total"] == found.total.places + found.total.title_places
    columns = [each["value"] for each in got["columns"]]
    assert set(columns) == set(SOURCES)
    for row in got["rows"]:
        for name, count in zip(columns, row["cells"], strict=True):
            cell = found[row["value"], name]
            assert count == cell.places + cell.title_places
    assert got["rows"][-1]["value"] is None
    assert all(got["rows"][at]["places"] for at in (0, -1))
    assert (got["more_rows"], got["more_columns"]) == (0, 0)
    assert crossed("weekday", "language", "zeppelin")["rows"] == []
    wrongs: list[Any] = [("eeuw", "source"), ("month", "month"), (None, ["source"]), ({}, 7)]
    for wrong in wrongs:
        assert "error" in crossed(*wrong)
    assert crossed("month", "source", "brug AND")["pointed"]


def test_the_counts_are_those_of_a_scan(archive: ServedArchive) -> None:
    made = {record["id"]: record for record in records()}
    found = {
        name: f"{record['title']} {record['text']}".lower().count("brug")
        for name, record in made.items()
    }
    got = called(archive, "count_matches", find="brug")
    counts = got["counts"]
    assert counts["places"] + counts["title_places"] == sum(found.values())
    assert counts["articles"] == sum(map(bool, found.values()))
    for row in got["sources"]:
        of = [name for name, record in made.items() if record["source"] == row["value"]]
        assert row["places"] == sum(found[name] for name in of)
        assert (row["articles"], row["of_articles"]) == (sum(bool(found[n]) for n in of), len(of))
    time = got["time"]
    assert time["unit"] == "year"
    by_year = {bar["first"][:4]: bar["count"] for bar in time["bars"]}
    dated = [name for name in made if "date" in made[name]]
    for year, count in by_year.items():
        assert count == sum(found[n] for n in dated if made[n]["date"].startswith(year))
        bar = next(bar for bar in time["bars"] if bar["first"].startswith(year))
        assert bar["places"] == count
    assert time["undated"] == found["weg"]
    assert sum(by_year.values()) + time["undated"] == sum(found.values())


def test_a_short_period_is_counted_by_month(archive: ServedArchive) -> None:
    got = called(archive, "count_matches", find="brug", since="2018", until="2019", source="NRC")
    assert got["time"]["unit"] == "month"
    assert [row["value"] for row in got["sources"]] == ["NRC"]
    assert sum(bar["articles"] for bar in got["time"]["bars"]) <= got["counts"]["articles"]
    bars = [(bar["label"], bar["count"]) for bar in got["time"]["bars"]]
    assert bars[0][0].startswith("januari 2018")
    assert got["time"]["imprecise"] > 0  # "2018" alone


def test_compared_queries_have_the_same_bars_each_with_its_counts(archive: ServedArchive) -> None:
    queries = ["brug", "=raad", "zeppelin"]
    got = called(archive, "compare_matches", find=queries[0], compare=queries[1:], undated="1")
    assert [each["query"] for each in got["queries"]] == queries
    for each in got["queries"]:
        alone = called(archive, "count_matches", find=each["query"], undated="1")
        bars = {bar["first"]: bar["count"] for bar in alone["time"]["bars"]}
        shown = dict(zip((bar["first"] for bar in got["bars"]), each["counts"], strict=True))
        assert shown == bars
        assert each["places"] == alone["counts"]["places"] + alone["counts"]["title_places"]
        beyond = {name: alone["time"][name] for name in ("imprecise", "undated")}
        assert {name: each[name] for name in beyond} == beyond
    assert [each["places"] > 0 for each in got["queries"]] == [True, True, False]
    many = called(archive, "compare_matches", find="brug", compare=["a", "b", "c", "d", "e"])
    assert "meer dan 4" in many["error"]
    assert called(archive, "compare_matches", find="brug", compare="(")["pointed"] is not None


def test_a_date_over_new_year_is_broad_and_not_unknown(tmp_path: Path) -> None:
    dates = {"range": "2019-12-30/2020-01-02", "known": "2020-02-03", "none": ""}
    made = [
        {"id": name, "title": "Bericht", "text": "Een brug en een brug.", "date": when}
        for name, when in dates.items()
    ]
    (tmp_path / "krant.jsonl").write_text("\n".join(map(json.dumps, made)), encoding="utf-8")
    with open_hashed(tmp_path / "store") as assistant:
        assistant.ingest([tmp_path / "krant.jsonl"])
        article = assistant.article("range")
        assert article is not None
        assert article.published.precision is Precision.RANGE
        small = ServedArchive(assistant, store=tmp_path / "store")
        time = called(small, "count_matches", find="brug")["time"]
    assert (time["imprecise"], time["undated"]) == (2, 2)
    assert [(bar["label"], bar["count"]) for bar in time["bars"]] == [("februari 2020", 2)]


def test_errors_are_told_in_the_language_of_the_page(archive: ServedArchive) -> None:
    for language, told in (("nl", "nergens gesloten"), ("en", "never closed")):
        got = called(archive, "find_matches", language, find="brug (sluis")
        assert told in got["error"]
        assert got["pointed"] == ("brug ", "(sluis")
        assert called(archive, "count_matches", language, find="brug (sluis") == got
    assert "leeg" in called(archive, "find_matches", find=" ")["error"]
    long = called(archive, "find_matches", find="a " * 4000)
    assert "8000 tekens" in long["error"]
    assert long["pointed"] is None
    wrong = ({"since": "gisteren"}, {"p": "0"}, {"p": "1e9"}, {"order": "mooi"}, {"undated": "ja"})
    for given in (*wrong, {"since": "2020", "until": "2019"}, {"source": ""}):
        assert "ongeldig" in called(archive, "find_matches", find="brug", **given)["error"], given


@pytest.mark.parametrize(
    ("language", "many", "long"),
    [
        ("nl", "kies er hoogstens 100", "maak de zoekvraag korter"),
        ("en", "choose at most 100", "shorten the query"),
    ],
)
def test_an_address_that_says_too_much_is_told_with_a_remedy(
    archive: ServedArchive, language: str, many: str, long: str
) -> None:
    for number, told in ((101, many), (250, long)):
        sources = [f"Krant {each}" for each in range(number)]
        got = called(archive, "find_matches", language, find="brug", source=sources)
        assert told in got["error"]
    assert long in called(archive, "count_matches", language, find="é" * 20_000)["error"]


def test_all_sources_are_listed_and_a_hundred_can_be_chosen_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [
        {"id": f"{n}", "title": "Bericht", "text": f"Brug {n}.", "source": f"Krant {n}"}
        for n in range(103)
    ]
    (tmp_path / "krant.jsonl").write_text("\n".join(map(json.dumps, made)), encoding="utf-8")
    with open_hashed(tmp_path / "store") as assistant:
        assistant.ingest([tmp_path / "krant.jsonl"])
        many = ServedArchive(assistant, store=tmp_path / "store")
        listed = called(many, "list_names")["sources"]
        names = [each["value"] for each in listed["names"]]
        assert (len(set(names)), listed["more"]) == (103, 0)
        chosen = names[:100]
        counts = called(many, "count_matches", find="brug", source=chosen, undated="1")["counts"]
        assert counts["articles"] == 100
        monkeypatch.setattr(name_lists, "MOST_LISTED", 60)
        listed = called(many, "list_names")["sources"]
        assert (len(listed["names"]), listed["more"]) == (60, 43)


def test_whatever_a_browser_sends_is_answered_in_words(archive: ServedArchive) -> None:
    for function in finding_functions(Beside(archive), "nl")[:2]:
        sent: tuple[Any, ...] = (None, [], "find=brug", {"address": 5}, {"address": "&" * 300}, {})
        for given in sent:
            assert "error" in function(given)
        assert "error" in function({"address": "find=brug&" + "a" * 200_000})
    got = called(archive, "find_matches", find="ponton")
    assert {(row["source"], row["title"]) for row in got["rows"]} == {(HOSTILE, HOSTILE)}


def test_an_archive_of_nothing_has_no_matches(tmp_path: Path) -> None:
    with open_hashed(tmp_path / "store") as assistant:
        empty = ServedArchive(assistant, store=tmp_path / "store")
        got = called(empty, "count_matches", find="brug")
        assert (got["counts"]["places"], got["time"]["bars"], got["sources"]) == (0, [], [])
        assert called(empty, "find_matches", find="brug")["rows"] == []
        assert called(empty, "list_names")["authors"] == {"names": [], "more": 0}


def test_the_sources_of_the_archive_are_listed(archive: ServedArchive) -> None:
    lists = called(archive, "list_names")
    listed = {each["value"]: each["articles"] for each in lists["sources"]["names"]}
    made = [record.get("source") for record in records()]
    assert {name: listed[name] for name in SOURCES} == {name: made.count(name) for name in SOURCES}
    assert lists["authors"] == lists["sections"] == {"names": [], "more": 0}


def test_names_are_listed_where_they_tell_articles_apart(tmp_path: Path) -> None:
    made = [
        {"id": "a", "text": "De brug gaat open.", "author": "Ria Vos", "section": "Sport"},
        {"id": "b", "text": "De sluis gaat dicht.", "author": "Ria Vos"},
        {"id": "c", "text": "The bridge across the river opens.", "author": "Ria Vos"},
    ]
    (tmp_path / "krant.jsonl").write_text("\n".join(map(json.dumps, made)), encoding="utf-8")
    with open_hashed(tmp_path / "store") as assistant:
        assistant.ingest([tmp_path / "krant.jsonl"])
        lists = called(ServedArchive(assistant, store=tmp_path / "store"), "list_names")
    shown = {
        sort: [(each["value"], each["articles"]) for each in found["names"]]
        for sort, found in lists.items()
    }
    # All are by one author, and none names its source.
    assert shown["authors"] == shown["sources"] == []
    assert shown["sections"] == [("Sport", 1)]
    assert shown["languages"] == [("nl", 2), ("en", 1)]


def test_a_busy_server_says_so(archive: ServedArchive, tmp_path: Path) -> None:
    gate = Gate(1, most_waiting=0)
    with open_hashed(tmp_path / "store") as assistant:
        busy = ServedArchive(assistant, store=tmp_path / "store", gate=gate)
        with gate.place():
            assert "te veel vragen" in called(busy, "find_matches", find="brug")["error"]
    assert called(archive, "find_matches", find="brug")["rows"]


def test_an_address_has_names_of_every_sort() -> None:
    found = read_request("find=brug&source=NRC&source=AD&author=Ria+Vos&section=sport&language=nl")
    chosen = {name: each for name, each in found.selection.items() if isinstance(each, tuple)}
    assert chosen == {
        "sources": ("NRC", "AD"),
        "authors": ("Ria Vos",),
        "sections": ("sport",),
        "languages": ("nl",),
    }
    asked = PageQuestion("Wie?", found.selection).address()
    assert read_request(asked[1:]).selection == found.selection


def test_an_address_that_says_too_much_is_refused() -> None:
    for address in ("find=brug&" * 300, "find=" + "a" * 100_001):
        with pytest.raises(SettingsError, match="address"):
            read_request(address)


def test_all_matches_are_downloaded(
    archive: ServedArchive, assistant: Assistant, tmp_path: Path
) -> None:
    chosen = {
        "find": "brug",
        "since": "2017",
        "source": ["NRC", "Trouw"],
        "order": "right",
        "p": "2",
    }
    address = urlencode(chosen, doseq=True)
    names = {"sources": ("NRC", "Trouw"), "since": date(2017, 1, 1)}
    expected = list(assistant.find("brug", order="right", **names))  # type: ignore[arg-type]
    with running(archive) as served, httpx.Client(trust_env=False) as client:
        table = client.get(f"{served.address}matches.csv?{address}")
        assert table.content.decode() == "".join(csv_lines(expected))
        assert len(list(csv.DictReader(io.StringIO(table.text)))) == len(expected) > 25
        today = date.today().isoformat()  # noqa: DTZ011
        named = f'attachment; filename="dateline-{today}.csv"'
        assert table.headers["Content-Disposition"] == named
        lines = client.get(f"{served.address}matches.jsonl?{address}")
        assert [json.loads(line) for line in lines.text.splitlines()] == [
            each.to_dict() for each in expected
        ]
        (tmp_path / "gevonden.jsonl").write_bytes(lines.content)
        assert verify(tmp_path / "gevonden.jsonl", assistant.article) == []
        wrong = client.get(f"{served.address}matches.csv?find=(brug")
        assert (wrong.status_code, "never closed" in wrong.json()["error"]) == (400, True)
        assert client.get(f"{served.address}matches.csv").status_code == 400
        foreign = {"Sec-Fetch-Site": "cross-site"}
        told = client.get(f"{served.address}matches.csv?find=brug", headers=foreign)
        assert told.status_code == 403


def test_a_download_holds_a_place_only_while_it_is_made(
    archive: ServedArchive, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(match_download, "LINES", 10)
    gate = Gate(1, most_waiting=0)
    narrow = ServedArchive(assistant, store=archive.incoming_folder.parent, gate=gate)
    made = match_download.match_blocks(narrow, read_request("find=brug"), json_lines)
    blocks = []
    for block in made:
        assert gate.counts() == (0, 0)
        blocks.append(block)
    assert len(blocks) > 10
    assert "".join(blocks) == "".join(json_lines(assistant.find("brug")))


def test_a_download_that_cannot_go_on_breaks_off_without_a_traceback(
    assistant: Assistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    archive = ServedArchive(assistant, store=tmp_path)
    begin, calls = archive.go_on, iter(range(3))

    def refuse_later(*given: Any) -> Any:
        if next(calls):
            raise BusyError
        return begin(*given)

    monkeypatch.setattr(match_download, "LINES", 10)
    monkeypatch.setattr(archive, "go_on", refuse_later)
    # What came is not taken for the whole.
    with running(archive) as served, pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{served.address}matches.jsonl?find=brug", trust_env=False)
    assert "too many questions" in caplog.text.lower()
    assert [each.getMessage() for each in caplog.records if each.exc_info] == []
