"""The date that counts: stated, set by hand or inferred; kept, filtered by, and never encoded."""

from __future__ import annotations

import itertools
import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from index_store.catalog.migrations import MIGRATIONS
from index_store.local import LocalStore
from index_store.records import (
    UNKNOWN_DATE,
    Article,
    ArticleFilter,
    DateEvidence,
    DateRange,
    Precision,
    Provenance,
    PublicationDate,
)
from qa.__main__ import app
from qa.assistant import Assistant
from qa.dates.serialization import article_to_dict, date_to_dict
from qa.dates.wording import describe_date
from qa.errors import SettingsError
from tests.conftest import open_hashed
from tests.counting_encoder import CountingEncoder
from tests.paths import SEEDS
from tests.store_building import make_article, make_store, put

TODAY = date(2026, 1, 1)
FIRE = "In de kaasfabriek van Gouda heeft brand gewoed. De brandweer bluste de kaasfabriek."
UNDATED = f"{FIRE} Dat gebeurde gisteren, 16 februari, zei de brandweer van Gouda."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "brand.txt").write_text(UNDATED)
    (folder / "buur.txt").write_text(f" date 2022-02\n{FIRE} De kaasfabriek is verwoest.")
    for number in range(4):
        (folder / f"ander{number}.txt").write_text(
            f" date 20{10 + number}\nDe raad van plaats {number} sprak over weg {number}{number}."
        )
    return folder


def published(assistant: Assistant, article_id: str = "brand") -> PublicationDate:
    article = assistant.article(article_id)
    assert article is not None
    return article.published


def test_a_date_is_inferred_kept_and_costs_no_encoding(folder: Path, store_path: Path) -> None:
    encoder = CountingEncoder()
    with open_hashed(store_path, encoder) as assistant:
        assistant.ingest([folder], today=TODAY)
        found = published(assistant)
        assert found.provenance is Provenance.INFERRED
        assert found.first == found.last == date(2022, 2, 17)
        assert {each.article_id for each in found.evidence} == {"brand", "buur"}
        for each in found.evidence:
            article = assistant.article(each.article_id)
            assert article is not None
            assert article.text[each.start : each.end] == each.quote
        assert assistant.check() == []
        stored, encoder.encoded = assistant.ask("kaasfabriek?").fingerprint, []
        report = assistant.ingest([folder], today=TODAY)
        assert (report.unchanged, report.encoded_chunks, report.undated) == (6, 0, 1)
        assert assistant.ask("kaasfabriek?").fingerprint == stored  # nothing was done
        assert assistant.set_date("buur", "2021-02", today=TODAY) is not None
        assert assistant.ask("kaasfabriek?").fingerprint != stored
        assert published(assistant).first == date(2021, 2, 17)
        assert assistant.ingest([folder], today=TODAY).unchanged == 6
        assert assistant.reindex(today=TODAY) == 0
        assert encoder.encoded == []
        assert assistant.check() == []
        assert published(assistant, "buur").words == "2021-02"


def test_an_article_of_another_story_moves_no_date(tmp_path: Path, assistant: Assistant) -> None:
    seeds = sorted((SEEDS).glob("*.txt"))
    assistant.ingest(seeds, today=TODAY)
    names = [path.stem for path in seeds]
    before = {name: published(assistant, name) for name in names}
    found = before["000_a8d320557e8b4f72"]
    assert (found.first, found.last) == (date(2021, 12, 2), date(2022, 2, 25))
    (tmp_path / "brug.txt").write_text(
        " date 2024-05-06\nDe brug over de Merwede bij Gorinchem gaat dicht voor vrachtverkeer."
        " Rijkswaterstaat ontdekte scheuren in het staal. De omleiding duurt tot oktober."
    )
    assistant.ingest([tmp_path / "brug.txt"], today=TODAY)
    assert published(assistant, "brug").first == date(2024, 5, 6)
    assert {name: published(assistant, name) for name in names} == before
    assert assistant.check() == []


def test_inferred_dates_follow_the_archive(folder: Path, assistant: Assistant) -> None:
    assistant.ingest([folder], today=TODAY)
    assert assistant.remove("buur", today=TODAY)
    assert published(assistant) == UNKNOWN_DATE
    assert assistant.check() == []
    assistant.ingest([folder], today=TODAY)
    assert published(assistant).first == date(2022, 2, 17)
    (folder / "brand.txt").write_text(UNDATED.replace("16 februari", "9 februari"))
    assistant.ingest([folder], today=TODAY)
    assert published(assistant).first == date(2022, 2, 10)
    (folder / "buur.txt").write_text(" date 2019-02\nIets heel anders over schapen op de dijk.")
    assistant.ingest([folder], today=TODAY)
    assert published(assistant).first != date(2022, 2, 10)
    assert assistant.check() == []


def test_a_date_set_by_hand_stays_until_it_is_taken_back(
    folder: Path, assistant: Assistant
) -> None:
    (folder / "kopie.txt").write_text(UNDATED)
    assistant.ingest([folder], today=TODAY)
    inferred = published(assistant)
    day = assistant.set_date("kopie", date(2021, 3, 3), today=TODAY)  # a copy of the same article
    assert day is not None
    assert day.published.provenance is Provenance.USER
    (folder / "brand.txt").write_text(UNDATED + " Meer is er niet bekend.")
    assistant.ingest([folder], today=TODAY)
    assert published(assistant) == published(assistant, "kopie") == day.published
    (folder / "kopie.txt").unlink()
    assistant.ingest([folder], sync=True, today=TODAY)
    (folder / "brand.txt").write_text(" date 2020\n" + UNDATED)
    assistant.ingest([folder], today=TODAY)
    assert published(assistant) == day.published
    article = assistant.article("brand")
    assert article is not None
    assert article.stated.words == "2020"
    assert assistant.set_date("brand", None, today=TODAY) is not None
    assert published(assistant) == article.stated
    (folder / "brand.txt").write_text(UNDATED)
    assistant.ingest([folder], today=TODAY)
    assert published(assistant) == inferred
    assert assistant.set_date("weg", "2021") is None
    with pytest.raises(SettingsError, match="31-02-2021"):
        assistant.set_date("brand", "31-02-2021")
    assert assistant.check() == []


def test_a_dateline_states_the_date(tmp_path: Path, assistant: Assistant) -> None:
    text = "AMSTERDAM, 3 mrt. 2021 – De stad meldt dat de brug open is."
    (tmp_path / "brug.txt").write_text(text)
    (tmp_path / "veld.jsonl").write_text(json.dumps({"id": "v", "text": text, "date": "2020"}))
    assistant.ingest([tmp_path / "brug.txt", tmp_path / "veld.jsonl"], today=TODAY)
    found = published(assistant, "brug")
    assert (found.first, found.words) == (date(2021, 3, 3), "3 mrt. 2021")
    assert found.provenance is Provenance.STATED
    assert published(assistant, "v").words == "2020"


# -- the store ------------------------------------------------------------------------------


def dated(provenance: Provenance, first: date, last: date) -> PublicationDate:
    score = 0.9 if provenance is Provenance.INFERRED else None
    return PublicationDate(first, last, Precision.RANGE, provenance, score=score)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> LocalStore:
    """A store with every kind of date at several places around 2021."""
    spans = [(date(2021, m, d), date(2021, n, 20)) for m, d, n in [(1, 1, 3), (3, 5, 3), (6, 9, 9)]]
    articles, by_hand, inferred = [], {}, {}
    kinds = [*itertools.product(Provenance, spans), (Provenance.UNKNOWN, spans[0])]
    for number, (provenance, span) in enumerate(kinds):
        stated = dated(Provenance.STATED, date(2018, 1, 1), date(2018, 1, 2))
        name = f"{provenance.value}{number}"
        is_stated = provenance is Provenance.STATED
        base = dated(provenance, *span) if is_stated else UNKNOWN_DATE
        if provenance is Provenance.USER:
            by_hand[name] = dated(provenance, *span)
            base = stated if number % 2 else UNKNOWN_DATE
        if provenance is Provenance.INFERRED:
            inferred[name] = dated(provenance, *span)
        articles.append(make_article(name, f"bericht {number}", published=base))
    store = make_store(tmp_path_factory.mktemp("many") / "store", articles)
    with store.writing("test") as writer:
        for name, day in by_hand.items():
            assert writer.catalog.set_date(name, day)
        undated = list(store.catalog.inferring(0).undated)
        ids = store.catalog.articles_by_number(undated)
        rows = {n: (b"", inferred[ids[n].id]) for n in undated if ids[n].id in inferred}
        writer.catalog.store_inferred(rows, undated)
    return store


def passes(article: Article, only: ArticleFilter) -> bool:
    """Tell in Python whether an article takes part: the oracle."""
    day = article.published
    if day.provenance is Provenance.INFERRED and not only.include_inferred:
        day = UNKNOWN_DATE
    if only.as_of and (day.last is None or day.last > only.as_of):
        return False
    if only.published is None:
        return True
    if day.first is None:
        return only.include_undated
    return only.published.overlaps(DateRange(day.first, day.last))


DAYS = st.none() | st.dates(date(2020, 12, 1), date(2021, 10, 1))


@settings(max_examples=60, deadline=None)
@given(days=st.tuples(DAYS, DAYS, DAYS), include=st.tuples(st.booleans(), st.booleans()))
def test_filters_by_date_are_those_of_filtering_in_python(
    many: LocalStore, days: tuple[date | None, ...], include: tuple[bool, bool]
) -> None:
    one, other, as_of = days
    first, last = sorted((one, other)) if one and other else (one, other)
    period = DateRange(first, last) if first or last else None
    only = ArticleFilter(
        period, as_of=as_of, include_inferred=include[0], include_undated=include[1]
    )
    chunks = many.catalog.stored_chunks(many.catalog.chunk_numbers(only).tolist())
    found = {stored.article.id for stored in chunks}
    assert found == {article.id for article in many.articles() if passes(article, only)}
    if as_of:  # nothing of later, whatever else is asked
        lasts = [stored.article.published.last for stored in chunks]
        assert all(last is not None and last <= as_of for last in lasts)


def test_check_sees_evidence_that_is_no_quote(tmp_path: Path) -> None:
    articles = [make_article("a", "Gisteren brandde het."), make_article("b", "Een andere tekst.")]
    day = date(2021, 3, 3)
    with closing(make_store(tmp_path / "store", articles)) as store:
        number, *_ = store.catalog.inferring(0).undated
        for quote, problems in (("andere", 0), ("ander!", 1)):
            evidence = DateEvidence("neighbour", "b", 4, 10, quote, day, day)
            guess = PublicationDate(
                day, day, Precision.DAY, Provenance.INFERRED, score=0.5, evidence=(evidence,)
            )
            with store.writing("test") as writer:
                writer.catalog.store_inferred({number: (b"x", guess)}, [1, 2])
            assert store.article("a") == make_article("a", articles[0].text, published=guess)
            assert len(store.check()) == problems
        assert not store.catalog.is_dating_due()
        with store.writing("test") as writer:  # what is quoted goes, and the guess goes with it
            writer.catalog.remove_article("b")
        assert store.catalog.is_dating_due()
        assert store.article("a") == articles[0]
        with closing(sqlite3.connect(store.catalog.path)) as connection:
            for table in ("inferred_date", "quoted_article", "date_by_hand"):
                assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_store_of_the_first_version_gets_the_tables(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(MIGRATIONS[0] + "PRAGMA user_version = 1;")
    with closing(LocalStore(tmp_path)) as store:
        with store.writing("test") as writer:
            put(writer.catalog, [make_article("a", "Een tekst.")])
            assert writer.catalog.set_date("a", dated(Provenance.USER, TODAY, TODAY))
        article = store.article("a")
        assert article is not None
        assert article.published.first == TODAY
        assert article.content_hash == make_article("a", "Een tekst.").content_hash


# -- what is said of it ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("provenance", "last", "dutch", "english"),
    [
        ("inferred", (2022, 2, 20), "≈ 15–20 februari 2022 (afgeleid)", "(inferred)"),
        ("inferred", (2022, 3, 2), "≈ 15 februari – 2 maart 2022 (afgeleid)", "2 March 2022"),
        ("stated", (2023, 1, 2), "15 februari 2022 – 2 januari 2023", "15 February 2022 – 2"),
        ("user", (2022, 2, 20), "15–20 februari 2022 (met de hand gezet)", "(set by hand)"),
    ],
)
def test_a_date_says_how_it_is_known(
    provenance: str, last: tuple[int, int, int], dutch: str, english: str
) -> None:
    published = dated(Provenance(provenance), date(2022, 2, 15), date(*last))
    assert describe_date(published, language="nl") == dutch
    assert english in describe_date(published, language="en")


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    assert result.exit_code == code, result.output
    return result.output


def test_the_command_shows_sets_and_clears(folder: Path, store_path: Path) -> None:
    with open_hashed(store_path) as assistant:
        assistant.ingest([folder], today=TODAY)
        inferred = assistant.article("brand")
    assert inferred is not None
    how = ("--store", store_path)
    shown = run("date", "brand", *how)
    assert "≈ 17 februari 2022 (afgeleid)" in shown
    assert "relative and date\tbrand:" in shown
    described = json.loads(run("date", "brand", *how, "--json"))
    assert described == {
        "article_id": "brand",
        "published": date_to_dict(inferred.published),
        "overruled": None,
    }
    assert described["published"] == article_to_dict(inferred)["published"]
    assert described["published"]["evidence"][0].keys() == {
        "reason", "article_id", "start", "end", "quote", "first", "last"
    }  # fmt: skip
    assert "maart 2021 (met de hand gezet)" in run("date", "brand", "2021-03", *how)
    run("date", "buur", "2021", *how)
    buur = json.loads(run("date", "buur", *how, "--json"))
    assert (buur["published"]["precision"], buur["overruled"]["words"]) == ("year", "2022-02")
    assert "the source states: februari 2022" in run("date", "buur", *how)
    assert "(afgeleid)" in run("date", "brand", "--clear", *how)
    assert "no article" in run("date", "weg", *how, code=1)
    run("date", "brand", "gisteren", *how, code=2)
    run("date", "brand", "2021", "--clear", *how, code=2)
