"""Exports of ten shapes in thirty variants: nothing wrong in silence, lost or overwritten."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.ingest.article_fields import ReadArticle
from qa.ingest.findings import Findings
from qa.ingest.formats.reading import read_stream
from qa.ingest.reading_choices import ReadingChoices
from qa.ingest.refusals import Refusal
from qa.ingest.report import IngestReport
from tests.conftest import open_hashed
from tests.ingest.made_exports import SHAPES, Export, Write, make_export

TODAY = date(2026, 11, 28)
VARIANTS = 30


def read(
    data: bytes, form: str, findings: Findings | None = None, **choices: object
) -> list[ReadArticle | Refusal]:
    chosen = ReadingChoices(today=TODAY, **choices)  # type: ignore[arg-type]
    return list(
        read_stream(io.BytesIO(data), format=form, name="x", choices=chosen, findings=findings)
    )


def dates(found: list[ReadArticle | Refusal]) -> list[str]:
    return [
        str(each.article.published.first) if isinstance(each, ReadArticle) else "refused"
        for each in found
    ]


@pytest.fixture
def archive(store_path: Path) -> Iterator[Assistant]:
    with open_hashed(store_path) as opened:
        yield opened


def check(export: Export) -> None:
    found = read(export.content, export.form)
    assert len(found) == len(export.made)
    for item, made in zip(found, export.made, strict=True):
        assert isinstance(item, ReadArticle), item
        article = item.article
        assert article.published.first == article.published.last == made.day, article.published
        assert (article.title, article.source) == (made.title, made.source)
        lead = f"{made.lead}\n\n" if export.lead_is_told else ""
        assert article.text == f"{lead}{made.body}"


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_variant_of_an_export_is_read_as_it_was_meant(shape: Write) -> None:
    for variant in range(VARIANTS):
        check(make_export(shape, variant))


def ingest(archive: Assistant, path: Path, **how: object) -> IngestReport:
    return archive.ingest([path], today=TODAY, **how)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_one_export_after_another_overwrites_nothing(
    shape: Write, archive: Assistant, tmp_path: Path
) -> None:
    first, second = make_export(shape, 1), make_export(shape, 2)
    for place, export in (("a", first), ("b", second)):
        (tmp_path / place).mkdir()
        (tmp_path / place / export.name).write_bytes(export.content)
    one = ingest(archive, tmp_path / "a" / first.name)
    assert (one.added, one.refused) == (len(first.made), ())
    two = ingest(archive, tmp_path / "b" / second.name)
    assert two.changed == 0
    assert two.added + len(two.refused) == len(second.made)
    assert all("--prefix" in refusal.reason for refusal in two.refused)
    stored = {article.text for article in archive.articles()}
    assert all(any(made.body in text for text in stored) for made in first.made)
    prefixed = ingest(archive, tmp_path / "b" / second.name, prefix="b")
    assert prefixed.refused == ()
    stored = {article.text for article in archive.articles()}
    for made in (*first.made, *second.made):
        assert any(made.body in text for text in stored)


# Orders of day and month


def sheet(*values: str, name: str = "date", text: str = "De brug in Oostkerk is open.") -> bytes:
    rows = "".join(f"{value};{text} Bericht {n}.\n" for n, value in enumerate(values))
    return f"{name};text\n{rows}".encode()


def test_a_value_over_twelve_settles_the_order_of_its_column() -> None:
    american = sheet("1/3/2022", "3/4/2022", "12/17/2021")
    assert dates(read(american, "csv")) == ["2022-01-03", "2022-03-04", "2021-12-17"]
    dutch = sheet("1/3/2022", "3/4/2022", "17/12/2021")
    assert dates(read(dutch, "csv")) == ["2022-03-01", "2022-04-03", "2021-12-17"]


def test_orders_that_contradict_each_other_are_refused_where_a_date_is_open() -> None:
    found = read(sheet("1/3/2022", "12/17/2021", "17/12/2021"), "csv")
    assert dates(found) == ["refused", "2021-12-17", "2021-12-17"]
    assert isinstance(found[0], Refusal)
    assert "--date-order" in found[0].reason
    told = dates(read(sheet("1/3/2022", "12/17/2021", "17/12/2021"), "csv", date_order="mdy"))
    assert told == ["2022-01-03", "2021-12-17", "refused"]


@pytest.mark.parametrize(
    ("text", "day", "words"),
    [
        ("De wethouder zegt dat de brug niet meer open gaat.", "2022-04-03", "day-month-year"),
        ("The alderman says that the bridge will not open.", "2022-03-04", "month-day-year"),
    ],
)
def test_an_order_that_nothing_shows_is_that_of_the_language_and_told(
    text: str, day: str, words: str
) -> None:
    findings = Findings()
    assert dates(read(sheet("3/4/2022", text=text), "csv", findings)) == [day]
    (note,) = findings.notes
    assert words in note
    assert "--date-order" in note
    quiet = Findings()
    read(sheet("3/4/2022", text=text), "csv", quiet, date_order="dmy")
    assert not quiet.notes


@pytest.mark.parametrize(
    ("values", "chosen", "days", "open_orders", "taken"),
    [
        (["3/4/2022", "5/6/2022"], None, ["2022-04-03", "2022-06-05"], ["dmy", "mdy"], "dmy"),
        (["3/4/2022", "5/6/2022"], "mdy", ["2022-03-04", "2022-05-06"], ["dmy", "mdy"], "mdy"),
        (["3/4/2022", "5/6/2022"], "ymd", ["2022-04-03", "2022-06-05"], ["dmy", "mdy"], "dmy"),
        (["01-02-03"], "ymd", ["2001-02-03"], ["dmy", "mdy", "ymd"], "ymd"),
        (["3/4/2022 5:00 AM"], None, ["2022-03-04"], ["dmy", "mdy"], "mdy"),
        (["3/4/2022 5:00 AM"], "dmy", ["2022-04-03"], ["dmy", "mdy"], "dmy"),
    ],
)
def test_an_order_where_none_shows_is_told_with_what_is_possible(
    values: list[str], chosen: str | None, days: list[str], open_orders: list[str], taken: str
) -> None:
    findings = Findings()
    assert dates(read(sheet(*values), "csv", findings, order_where_open=chosen)) == days
    (told,) = findings.open_orders.values()
    assert (told.name, told.example) == ("date", values[0])
    assert (list(map(str, told.orders)), told.taken) == (open_orders, taken)
    fixed = Findings()
    read(sheet(*values), "csv", fixed, date_order="dmy")
    assert not fixed.open_orders


@pytest.mark.parametrize(
    "values", [["3/4/2022", "17/12/2021"], ["2022-03-04"], ["3/4/2022", "17/12/2021", "12/17/2021"]]
)
def test_an_order_that_is_chosen_where_none_shows_changes_no_other_column(
    values: list[str],
) -> None:
    findings = Findings()
    plain = dates(read(sheet(*values), "csv"))
    assert dates(read(sheet(*values), "csv", findings, order_where_open="mdy")) == plain
    assert not findings.open_orders


def test_numbers_count_days_only_where_the_whole_column_does() -> None:
    findings = Findings()
    assert dates(read(sheet("44564", "44198.5"), "csv", findings)) == ["2022-01-03", "2021-01-02"]
    assert "spreadsheet" in next(iter(findings.notes))
    assert dates(read(sheet("44564", "2022-01-03"), "csv")) == ["refused", "2022-01-03"]
    assert dates(read(sheet("2022-01-03", "44564"), "csv")) == ["2022-01-03", "refused"]


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("3-1-22", "2022-01-03", "2022-01-03"),
        ("14-10-38", "1938-10-14", "1938-10-14"),  # not after today
        ("jan-22", "2022-01-01", "2022-01-31"),
        ("3 januari 2022 maandag", "2022-01-03", "2022-01-03"),
        ("January 3, 2022 Monday 9:00 AM GMT", "2022-01-03", "2022-01-03"),
        ("Gepubliceerd op 3 januari 2022 om 09:00, bijgewerkt 1 februari 2022", "2022-01-03", ""),
        ("Mon Jan 03 09:00:00 +0000 2022", "2022-01-03", "2022-01-03"),
        ("20220103090000", "2022-01-03", "2022-01-03"),
        ("1641164400", "2022-01-03", "2022-01-03"),
        ("2022-01-03T23:30:00Z", "2022-01-04", "2022-01-04"),
        ("2022-01-03T23:30:00-05:00", "2022-01-03", "2022-01-03"),
    ],
)
def test_what_exports_write_for_a_date_is_read(value: str, first: str, last: str) -> None:
    (item,) = read(sheet(value), "csv")
    assert isinstance(item, ReadArticle), item
    published = item.article.published
    assert (str(published.first), str(published.last)) == (first, last or first)


@pytest.mark.parametrize(
    "value", ["22-jan", "Bijgewerkt: 3 januari 2022", "13/13/2022", "gisteren"]
)
def test_what_is_no_date_is_refused_by_name(value: str) -> None:
    (item,) = read(sheet(value), "csv")
    assert isinstance(item, Refusal)
    assert repr(value) in item.reason


def test_a_zone_that_is_named_counts_for_every_moment() -> None:
    moments = sheet("2022-01-03T23:30:00Z", "2022-01-03T20:30:00-05:00")
    assert dates(read(moments, "csv", timezone="Asia/Tokyo")) == ["2022-01-04", "2022-01-04"]


def test_of_published_and_modified_the_earlier_counts_and_is_told() -> None:
    record = {"text": "x", "published": "2022-02-01", "modified": "2022-01-03"}
    (item,) = read(json.dumps(record).encode(), "jsonl")
    assert isinstance(item, ReadArticle)
    assert str(item.article.published.first) == "2022-01-03"
    assert "lies before" in item.notes[0]
    empty = {**record, "modified": "1970-01-01"}
    assert dates(read(json.dumps(empty).encode(), "jsonl")) == ["2022-02-01"]
    assert dates(read(b'{"text": "x", "modified": "2022-01-03"}', "jsonl")) == ["None"]


# Fields


def test_what_no_article_was_made_of_is_named_once_with_an_example() -> None:
    findings = Findings()
    records = [
        {"text": "Een.", "title": "A", "kop": "Anders", "oplage": 900, "leeg": "", "tags": ["x"]},
        {"text": "Twee.", "title": "", "kop": "B", "oplage": 901},
    ]
    data = "\n".join(map(json.dumps, records)).encode()
    assert len(read(data, "jsonl", findings)) == 2
    unused = {each.name: each.example for each in findings.unused("x")}
    assert unused == {"oplage": "900", "tags": "['x']"}


def test_names_with_joining_words_are_known() -> None:
    data = b"Datum van publicatie;Naam krant;Kop artikel;Tekst\n14/02/2022;Blad;K;Tekst.\n"
    (item,) = read(data, "csv")
    assert isinstance(item, ReadArticle)
    article = item.article
    assert (str(article.published.first), article.source, article.title) == (
        "2022-02-14",
        "Blad",
        "K",
    )


def test_a_flag_is_no_date_and_the_date_beside_it_is_used() -> None:
    findings = Findings()
    record = {"text": "x", "published": True, "published_at": "2022-01-03"}
    assert dates(read(json.dumps(record).encode(), "jsonl", findings)) == ["2022-01-03"]
    assert not [each for each in findings.unused("x") if each.name == "published_at"]


def test_columns_of_one_name_are_not_lost_in_silence() -> None:
    findings = Findings()
    read(b"tekst;kop;tekst\nEen.;K;Twee.\n", "csv", findings)
    assert [each.name for each in findings.unused("x")] == ["tekst [2]"]


def test_a_lead_goes_before_the_text_unless_it_is_there_already() -> None:
    findings = Findings()
    records = [
        {"lead": "De kop.", "text": "Het lijf."},
        {"lead": "Het begin.", "text": "Het  begin. En meer."},
    ]
    found = read("\n".join(map(json.dumps, records)).encode(), "jsonl", findings)
    texts = [each.article.text for each in found if isinstance(each, ReadArticle)]
    assert texts == ["De kop.\n\nHet lijf.", "Het  begin. En meer."]
    assert list(findings.notes) == ["'lead' and 'text' became one text, in this order"]
    assert not findings.unused("x")


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"body": {"summary": ["Kort."], "sections": [{"paragraphs": ["Eén.", "Twee."]}]}},
         "Kort.\n\nEén.\n\nTwee."),
        ({"fields": {"bodyText": "Lijf.", "trailText": "Kop."}}, "Kop.\n\nLijf."),
        ({"content": {"rendered": "Lijf."}}, "Lijf."),
        ({"paragraphs": ["Eén.", "Twee."]}, "Eén.\n\nTwee."),
        ({"description": "Alleen dit."}, "Alleen dit."),
        ({"title": "T", "content": None, "description": "Alleen dit."}, "Alleen dit."),
        ({"7": {"title": "T", "text": "Op nummer."}}, "Op nummer."),
        ({"_source": {"doc": {"tekst": "Diep."}}}, "Diep."),
    ],
)  # fmt: skip
def test_texts_in_parts_and_in_objects_are_found(record: object, text: str) -> None:
    (item,) = read(json.dumps(record).encode(), "jsonl")
    assert isinstance(item, ReadArticle), item
    assert item.article.text == text


def test_a_capture_of_the_web_does_not_date_its_page() -> None:
    record = {
        "urlkey": "nl,krant)/",
        "timestamp": "20220103090000",
        "digest": "x",
        "text": "Tekst.",
    }
    assert dates(read(json.dumps(record).encode(), "jsonl")) == ["None"]


# Ids


def records(path: Path, *given: dict[str, object]) -> Path:
    path.write_text("\n".join(json.dumps(each) for each in given), encoding="utf-8")
    return path


ONE: dict[str, object] = {
    "id": 1,
    "source": "De Dijkbode",
    "title": "Brug open",
    "date": "2022-01-03",
    "text": "De brug in Oostkerk is weer open.",
}


def test_a_corrected_text_of_one_source_and_title_is_an_update(
    archive: Assistant, tmp_path: Path
) -> None:
    ingest(archive, records(tmp_path / "januari.jsonl", ONE))
    later = records(tmp_path / "februari.jsonl", {**ONE, "text": "De brug blijft toch dicht."})
    report = ingest(archive, later)
    assert (report.changed, report.refused) == (1, ())
    assert [article.text for article in archive.articles()] == ["De brug blijft toch dicht."]


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Molen", "text": "De molen draait."},
        {"title": "Molen", "text": "De molen draait.", "source": "Het Polderblad"},
        {"text": "Heel iets anders.", "source": "Het Polderblad"},
        {"text": "Heel iets anders.", "date": "2022-01-04"},  # two of a series
        {"title": None, "text": "Heel iets anders."},
    ],
)
def test_another_article_of_an_id_is_refused_unless_the_user_says_so(
    other: dict[str, object], archive: Assistant, tmp_path: Path
) -> None:
    ingest(archive, records(tmp_path / "a.jsonl", ONE))
    path = records(tmp_path / "b.jsonl", {**ONE, **other})
    (refusal,) = ingest(archive, path).refused
    assert "--prefix" in refusal.reason
    assert "--replace" in refusal.reason
    assert [article.text for article in archive.articles()] == [ONE["text"]]
    assert ingest(archive, path, prefix="b").added == 1
    assert {article.id for article in archive.articles()} == {"1", "b/1"}
    assert ingest(archive, path, prefix="b").unchanged == 1
    assert ingest(archive, path, replace=True).refused == ()
    texts = {article.id: article.text for article in archive.articles()}
    assert ONE["text"] not in texts.values()


def test_an_id_that_the_store_has_keeps_its_article_under_a_prefix(
    archive: Assistant, tmp_path: Path
) -> None:
    path = records(tmp_path / "a.jsonl", ONE)
    ingest(archive, path)
    records(path, {**ONE, "text": "De brug in Oostkerk is weer dicht."})
    assert ingest(archive, path, prefix="a").changed == 1
    assert [article.id for article in archive.articles()] == ["1"]


def test_a_record_without_an_id_is_not_overwritten_by_the_next_export(
    archive: Assistant, tmp_path: Path
) -> None:
    path = tmp_path / "export.jsonl"
    ingest(archive, records(path, {"title": "Brug", "text": "De brug is open."}))
    records(path, {"title": "Molen", "text": "Een molenaar maalt graan."})
    assert len(ingest(archive, path).refused) == 1
    assert [article.title for article in archive.articles()] == ["Brug"]
    assert ingest(archive, path, sync=True).changed == 1


# What is told


def test_every_file_that_is_passed_over_is_named_with_its_kind(
    archive: Assistant, tmp_path: Path
) -> None:
    (tmp_path / "foto.jpg").write_bytes(b"x")
    (tmp_path / "a.txt").write_text("Een molen draait.")
    report = ingest(archive, tmp_path)
    (skipped,) = report.skipped
    assert skipped.path.endswith("foto.jpg")
    assert "picture (.jpg)" in skipped.reason
    assert report.to_dict()["skipped"] == [{"path": skipped.path, "reason": skipped.reason}]


def test_a_preview_shows_what_would_be_taken_and_stores_nothing(
    archive: Assistant, tmp_path: Path
) -> None:
    path = records(tmp_path / "a.jsonl", ONE, {"text": "Zonder datum.", "oplage": 3}, {"x": 1})
    preview = archive.preview([path], source="Streekblad", today=TODAY)
    first, second = preview.articles
    assert (first.title, first.provenance, first.source) == ("Brug open", "stated", "De Dijkbode")
    assert (str(first.published.first), second.provenance) == ("2022-01-03", "unknown")
    assert (second.source, second.opening) == ("Streekblad", "Zonder datum.")
    assert (preview.count, preview.undated, len(preview.refused)) == (2, 1, 1)
    assert [each.name for each in preview.unused] == ["oplage"]
    assert archive.count() == (0, 0)
    assert json.loads(json.dumps(preview.to_dict()))["count"] == 2


@pytest.mark.parametrize("wrong", [{"date_order": "dym"}, {"timezone": "Maan"}, {"source": " "}])
def test_a_choice_that_is_not_known_is_wrong_usage(
    wrong: dict[str, str], archive: Assistant
) -> None:
    with pytest.raises(SettingsError):
        archive.ingest([], **wrong)
