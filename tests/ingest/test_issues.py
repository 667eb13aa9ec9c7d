"""Issues of newspapers: METS files with the ALTO pages beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from index_store.records import Article
from qa.ingest.article_fields import ReadArticle
from qa.ingest.refusals import Refusal
from qa.ingest.sources import ArticleSource
from tests.ingest.format_checks import refusal, within
from tests.ingest.made_issues import alto_of, mets_of, write_files

PAGE_1 = {"kop": "De Golf", "b1": "Het zwembad\nsluit.", "b2": "Lees verder op pagina 2"}
PAGE_2 = {"b1": "Het bad gaat open.", "adv": "Te koop een fiets"}
NAMES = ["alto/1.xml", "file://./alto/2.xml"]
ARTICLES = {"De Golf": [(1, "kop"), (1, "b1"), (2, "b1")], "": [(1, "b2"), (1, "foto")]}


def issue(folder: Path, mets: bytes, **files: bytes) -> ArticleSource:
    whole = {"alto/1.xml": alto_of(PAGE_1), "alto/2.xml": alto_of(PAGE_2), "nummer.xml": mets}
    write_files(folder, whole | {f"{name}.xml": data for name, data in files.items()})
    return ArticleSource([folder])


def split(source: ArticleSource) -> tuple[list[Article], list[str]]:
    items = list(source.read())
    return (
        [each.article for each in items if isinstance(each, ReadArticle)],
        [each.reason for each in items if isinstance(each, Refusal)],
    )


def test_the_articles_of_an_issue_are_read_once_with_its_day_and_title(tmp_path: Path) -> None:
    source = issue(tmp_path, mets_of(NAMES, ARTICLES))
    (first, second), refused = split(source)
    assert refused == []
    assert first.text == "De Golf\n\nHet zwembad\nsluit.\n\nHet bad gaat open."
    assert (first.title, first.id, first.language) == ("De Golf", "nummer#1", "nl")
    assert (second.title, second.text) == (None, "Lees verder op pagina 2")
    for each in (first, second):
        assert (str(each.published.first), each.source) == ("1921-03-04", "De Waterdamse Courant")
    assert [Path(each.path).name for each in source.skipped] == ["1.xml", "2.xml"]
    assert "1 blocks of text" in source.notes[0]


@pytest.mark.parametrize("articles", [{}, {"De Golf": []}])
def test_without_articles_each_page_is_one_in_the_stated_order(
    articles: dict[str, list[tuple[int, str]]], tmp_path: Path
) -> None:
    (first, second), refused = split(issue(tmp_path, mets_of(NAMES, articles)))
    assert refused == []
    assert first.text == "De Golf\n\nHet zwembad\nsluit.\n\nLees verder op pagina 2"
    assert (second.id, str(second.published.first)) == ("nummer#2", "1921-03-04")


def test_a_heading_is_the_title_where_no_other_is_stated(tmp_path: Path) -> None:
    mets = mets_of(NAMES, {"": [(1, "kop"), (1, "b1")]}).replace(b' TYPE="BODY"', b' TYPE="TITLE"')
    (found,), _ = split(issue(tmp_path, mets))
    assert found.title == "De Golf Het zwembad sluit."


def test_a_page_that_changed_brings_its_issue_and_no_page_alone(tmp_path: Path) -> None:
    source = issue(tmp_path, mets_of(NAMES, ARTICLES))
    source.only = frozenset({tmp_path / "alto" / "2.xml"})
    assert [each.id for each in split(source)[0]] == ["nummer#1", "nummer#2"]


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["alto/1.xml", "weg.xml"], "'weg.xml' is no file"),
        (["alto/1.xml", "../buiten.xml"], "'../buiten.xml' is no file"),
        (["alto/1.xml", "%2e%2e/buiten.xml"], "is no file"),
        (["alto/1.xml", "/etc/hosts"], "'/etc/hosts' is no file"),
        (["alto/1.xml", "https://krant.example/2.xml"], "is no file"),
        (["alto/1.xml", "nummer.xml"], "'nummer.xml' is no ALTO"),
        (["alto/1.xml", "link.xml"], "'link.xml' is no file"),
        (["alto/1.xml", "a\x85b.xml"], "is no file"),
    ],
)
def test_a_page_that_is_not_there_costs_only_its_articles(
    names: list[str], reason: str, tmp_path: Path
) -> None:
    folder = tmp_path / "krant"
    write_files(tmp_path, {"buiten.xml": alto_of({"b1": "geheim"})})
    source = issue(folder, mets_of(names, ARTICLES))
    (folder / "link.xml").symlink_to(tmp_path / "buiten.xml")
    (folder / "alto/2.xml").unlink()
    found, refused = split(source)
    assert [each.text for each in found] == ["Lees verder op pagina 2"]
    assert [reason in each for each in refused if "link leads out" not in each] == [True]


def test_files_that_issues_claim_are_read_unless_they_are_pages(tmp_path: Path) -> None:
    both = mets_of(["ander.xml", "goed.xml"], {})
    good = b"<text><title>De Golf</title><p>Tekst.</p></text>"
    other = mets_of(["nummer.xml", "alto/1.xml"], {"A": [(2, "b1")]})
    found, refused = split(issue(tmp_path, both, ander=other, goed=good))
    texts = sorted(each.text for each in found)
    assert texts == ["Het bad gaat open.\n\nTe koop een fiets\n\f", "Het zwembad\nsluit.", "Tekst."]
    assert sum("is no ALTO" in each for each in refused) == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (mets_of(NAMES, ARTICLES, more="<!DOCTYPE x [<!ENTITY a 'b'>]>"), "entities"),
        (mets_of([], {}), "no pages in ALTO"),
        (mets_of(NAMES, ARTICLES)[:-30], "not well-formed"),
        (mets_of(NAMES, {"A": [(1, "b1")]}), "unpack all into a folder"),
    ],
)
def test_an_issue_that_cannot_be_read_is_refused_with_the_remedy(data: bytes, reason: str) -> None:
    assert reason in refusal(data, "xml")


def test_a_small_file_cannot_fill_the_archive_with_the_same_pages(tmp_path: Path) -> None:
    articles = {f"Stuk {number}": [(1, "kop"), (2, "lang")] for number in range(300)}
    page = alto_of({"lang": "woord " * 10_000})
    source = issue(tmp_path, mets_of(["alto/1.xml", "lang.xml"], articles), lang=page)
    with within(10):
        found, refused = split(source)
    assert len(found) < 40
    assert "over and over" in refused[-1]


def test_a_block_that_is_not_on_its_page_is_named(tmp_path: Path) -> None:
    found, refused = split(issue(tmp_path, mets_of(NAMES, {"A": [(1, "weg")], "B": [(1, "b1")]})))
    assert len(found) == 1
    assert "no block 'weg' on the page 'alto/1.xml'" in refused[0]
