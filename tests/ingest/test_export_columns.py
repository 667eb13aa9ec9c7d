"""Columns as people and programs name them: parts of dates, odd headings, empty ids, objects."""

from __future__ import annotations

import io
import json

import pytest

from index_store.records import Article
from qa.ingest.article_fields import ReadArticle
from qa.ingest.findings import Findings
from qa.ingest.formats.reading import read_stream
from qa.ingest.refusals import Refusal


def read(
    data: str, form: str = "csv", findings: Findings | None = None, **mapping: str
) -> list[ReadArticle | Refusal]:
    stream = io.BytesIO(data.encode())
    return list(read_stream(stream, format=form, name="x", mapping=mapping, findings=findings))


def article(data: str, form: str = "csv", findings: Findings | None = None) -> Article:
    (item,) = read(data, form, findings)
    assert isinstance(item, ReadArticle), item
    return item.article


@pytest.mark.parametrize(
    ("header", "row", "first", "last"),
    [
        ("Dag;Maand;Jaar", "4;3;2021", "2021-03-04", "2021-03-04"),
        ("year;month;day", "2021.0;3.0;4.0", "2021-03-04", "2021-03-04"),
        ("Jaar;Maand", "2021;maart", "2021-03-01", "2021-03-31"),
        ("Jaar;Maand;Dag", "2021;3;donderdag", "2021-03-01", "2021-03-31"),
        ("Jaar;Maand", "2021;Q1", "2021-01-01", "2021-12-31"),
        ("Publicatiejaar", "2021", "2021-01-01", "2021-12-31"),
        ("Jaar", "jaargang 3", "None", "None"),
        ("Dag", "04-03-2021", "2021-03-04", "2021-03-04"),
        ("Dag", "donderdag", "None", "None"),
        ("Dag;Maand", "4;3", "None", "None"),
        ("Jaar;Datum", "2020;2021-03-04", "2021-03-04", "2021-03-04"),
    ],
)
def test_a_date_in_parts_is_as_exact_as_they_are(
    header: str, row: str, first: str, last: str
) -> None:
    findings = Findings()
    published = article(f"{header};Tekst\n{row};De brug.\n", findings=findings).published
    assert (str(published.first), str(published.last)) == (first, last)
    in_parts = first != "None" and "Datum" not in header and header != "Dag"
    assert any("whole date" in note for note in findings.notes) is in_parts
    unused = {each.name for each in findings.unused("x")}
    assert unused == set() if in_parts else unused <= {"Jaar", "Dag", "Maand"}


def test_a_part_that_no_calendar_has_is_refused() -> None:
    (item,) = read("Jaar;Maand;Tekst\n2021;13;De brug.\n")
    assert isinstance(item, Refusal)
    assert "no month 13" in item.reason


@pytest.mark.parametrize(
    "header",
    [
        "News Headline,News Date,Media Outlet,News Text",
        "Kopregel,Datum uitgave,Krantnaam,Bodytekst",
        "Titel,Erscheinungsdatum,Zeitung,Volltext",
        "Kop van het artikel,Datum van het artikel,Welke krant?,Tekst van het artikel",
        "Title,pubdate,pubtitle,Abstract Note",
    ],
)
def test_headings_of_other_programs_and_people_are_known(header: str) -> None:
    found = article(f"{header}\nDe Golf,2021-03-04,De Courant,Het bad gaat dicht.\n")
    told = found.title, str(found.published.first), found.source, found.text
    assert told == ("De Golf", "2021-03-04", "De Courant", "Het bad gaat dicht.")


def test_an_id_of_the_paper_is_no_id_of_the_article() -> None:
    found = read("media_id,news_id,stories_id,text\n39,1,7,Een.\n39,1,8,Twee.\n")
    assert [each.article.id for each in found if isinstance(each, ReadArticle)] == ["7", "8"]
    found = read("media_id,text\n39,Een.\n39,Twee.\n")
    assert [each.article.id for each in found if isinstance(each, ReadArticle)] == ["x#1", "x#2"]


def test_lines_above_the_columns_are_left_out_and_told() -> None:
    findings = Findings()
    above = "Export van 3 januari 2022;;\nZoekvraag;tekst over zwembad;\n\n"
    (item,) = read(f"{above}kop;datum;tekst\nDe Golf;2021-03-04;Dicht.\n", findings=findings)
    assert isinstance(item, ReadArticle), item
    assert (item.article.title, item.article.id, item.line) == ("De Golf", "x#1", 5)
    assert any("named on line 4" in note for note in findings.notes)


def test_an_empty_id_costs_no_article() -> None:
    findings = Findings()
    found = read("id;tekst\n;Een.\n7;Twee.\n ;Drie.\n", findings=findings)
    ids = [each.article.id for each in found if isinstance(each, ReadArticle)]
    assert ids == ["x#1", "7", "x#3"]
    assert any("id is empty" in note for note in findings.notes)


def test_an_object_is_told_by_its_title_or_left_out_unless_it_was_asked_for() -> None:
    findings = Findings()
    record = {"text": "x", "source": {"uri": "k.example", "title": "De Krant"}, "author": {"n": 1}}
    found = article(json.dumps(record), "jsonl", findings)
    assert (found.source, found.author) == ("De Krant", None)
    assert [each.name for each in findings.unused("x")] == ["author"]
    (item,) = read(json.dumps(record), "jsonl", author="author")
    assert isinstance(item, Refusal)
    assert "without a name" in item.reason


@pytest.mark.parametrize(
    "record",
    [
        {"_source": {"title": "De Golf", "text": "Dicht.", "published": "2021-03-04"}},
        {"Title": "De Golf", "ArticleText": "Dicht.", "Date": "/Date(1614852000000)/"},
        {
            "items": [
                {"title": "De Golf", "published": 1614852000, "summary": {"content": "Dicht."}}
            ]
        },
    ],
)
def test_records_of_other_programs_are_read(record: object) -> None:
    found = article(json.dumps(record), "json")
    assert (found.title, found.text) == ("De Golf", "Dicht.")
    assert str(found.published.first) == "2021-03-04"


@pytest.mark.parametrize(
    "word", ["NA", "NaN", "NaT", "NULL", "\\N", "-", "onbekend", "0000-00-00 00:00:00", "n.b."]
)
def test_words_for_no_value_are_no_date_and_cost_no_article(word: str) -> None:
    data = f"id;datum;auteur;tekst\n1;{word};NA;Een.\n2;4/3/2021;NA;Twee.\n3;14/3/2021;Jo;Drie.\n"
    found = [each.article for each in read(data) if isinstance(each, ReadArticle)]
    days = [str(each.published.first) for each in found]
    assert days == ["None", "2021-03-04", "2021-03-14"]
    assert [each.author for each in found] == [None, None, "Jo"]


def test_a_day_where_the_month_belongs_is_told_of_the_whole_column() -> None:
    findings = Findings()
    found = read(
        "datum;tekst\n2021-04-03;Een.\n2021-17-12;Twee.\n2021-18-12;Drie.\n", findings=findings
    )
    assert [isinstance(each, Refusal) for each in found] == [False, True, True]
    (note,) = findings.notes
    assert "days may stand before months in 'datum' ('2021-17-12')" in note
    read("datum;tekst\n2021-13-45;Een.\n", findings=(other := Findings()))
    assert not other.notes


def test_days_that_are_counted_are_read_beside_empty_ones() -> None:
    found = read("datum;tekst\n44259;Een.\nonbekend;Twee.\nNA;Drie.\n")
    days = [str(each.article.published.first) for each in found if isinstance(each, ReadArticle)]
    assert days == ["2021-03-04", "None", "None"]


@pytest.mark.parametrize(
    "value",
    [
        {"title": {"0": "De Golf"}, "text": {"0": "Dicht."}, "date": {"0": "2021-03-04"}},
        {"columns": ["title", "text", "date"], "data": [["De Golf", "Dicht.", "2021-03-04"]]},
        [["title", "text", "date"], ["De Golf", "Dicht.", "2021-03-04"]],
    ],
)
def test_tables_in_json_are_read_as_their_rows(value: object) -> None:
    found = article(json.dumps(value), "json")
    told = found.title, found.text, str(found.published.first)
    assert told == ("De Golf", "Dicht.", "2021-03-04")


def test_a_heading_may_have_line_breaks_if_it_is_closed() -> None:
    found = article('"Titel\nartikel";"Tekst\nartikel"\nDe Golf;Dicht.\n')
    assert (found.title, found.text) == ("De Golf", "Dicht.")
    assert article('tekst;15" scherm\nDicht.;x\n').text == "Dicht."
    (item,) = read('tekst;"kop\nDicht.;x\n')
    assert isinstance(item, Refusal)
    assert "never closed" in item.reason


def test_a_row_may_lack_last_columns_unless_its_text_may_be_cut_off() -> None:
    findings = Findings()
    whole, cut = read("kop;tekst;krant;pagina\nA;Een.;Blad\nB;Afgebroken\n", findings=findings)
    assert isinstance(whole, ReadArticle)
    assert (whole.article.text, whole.article.source) == ("Een.", "Blad")
    assert isinstance(cut, Refusal)
    assert "2 fields under 4 columns" in cut.reason
    assert any("too few fields" in note for note in findings.notes)
