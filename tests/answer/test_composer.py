from __future__ import annotations

from dataclasses import replace

import pytest

from index_store.records import UNKNOWN_DATE, Article, Chunk
from qa.answer.candidates import Candidate
from qa.answer.composer import cite, compose
from qa.answer.values import read_value
from qa.assistant import Assistant
from qa.dates.stated import parse_stated_date
from qa.errors import DatelineError
from qa.models.calibration import Evidence
from qa.question.kind import QuestionKind
from qa.retrieval.passage import Passage
from qa.text.phrases import display_title, phrase


def passage(text: str) -> Passage:
    article = Article("a", None, text, UNKNOWN_DATE, "a.txt", "nl")
    return Passage(Chunk("a", 0, len(text), text), article, 1.0, 0.9, 3.0, 1)


def test_a_citation_is_a_slice_of_its_article() -> None:
    citation = cite(1, passage("Eerste zin. Tweede zin."), 12, 23)
    assert citation.quote == "Tweede zin."


@pytest.mark.parametrize(("start", "end"), [(-1, 4), (4, 4), (5, 99), (6, 7)])
def test_what_is_no_quote_is_never_cited(start: int, end: int) -> None:
    with pytest.raises(DatelineError):
        cite(1, passage("Eerste zin."), start, end)


def test_a_number_is_looked_for_where_a_number_is_asked(seed_assistant: Assistant) -> None:
    answer = seed_assistant.ask("Hoeveel mensen kostte de burgeroorlog in Oost-Oekraïne het leven?")
    assert "14.000" in answer.citations[0].quote


def test_all_that_is_listed_is_quoted() -> None:
    """Also what says something else than the best, beyond the number that is quoted anyway."""
    countries = ["Polen", "Duitsland", "Frankrijk", "Spanje", "Finland"]
    text = " ".join(f"{each} levert tanks." for each in countries)
    evidence = Evidence(5.0, 5.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0)
    places = [(each, text.index(each)) for each in countries]
    candidates = [
        Candidate(
            passage(text), at, at + len(each), at, text.index(".", at) + 1, evidence, 9.0,
            read_value(each, "nl"),
        )
        for each, at in places
    ]  # fmt: skip
    listed = compose("nl", QuestionKind.LIST, candidates, 0.9)
    assert listed.answer == ", ".join(countries)
    assert [each.quote for each in listed.citations] == [
        f"{one} levert tanks." for one in countries
    ]


@pytest.mark.parametrize(
    ("days", "span", "beside", "quoted"),
    [
        ("2022-09-20", 1.0, 1.0, 2),  # a later article that likely answers
        ("2021-09-20", 1.0, 1.0, 1),  # an earlier one
        ("2022-02-11", 1.0, 1.0, 1),  # one of the same day
        (None, 1.0, 1.0, 1),  # one of an unknown day
        ("2022-09-20", 0.0, 1.0, 1),  # a later one that likely does not
        ("2022-09-20", 1.0, 0.5, 1),  # a later one about fewer of the names
    ],
)
def test_a_later_article_may_tell_that_it_has_changed(
    days: str | None, span: float, beside: float, quoted: int
) -> None:
    def told(day: str | None, text: str, span: float, beside: float) -> Candidate:
        found = passage(text)
        article = replace(found.article, id=text, published=parse_stated_date(day or ""))
        found = replace(found, article=article)
        evidence = Evidence(span, 5.0, 0.0, 1.0, 1.0, beside, 0.0, 0.0)
        size = len(text)
        return Candidate(found, 0, size, 0, size, evidence, span, read_value(text, "nl"))

    candidates = [
        told("2022-02-11", "Claes stapt niet op.", 5.0, 1.0),
        told(days, "Claes treedt per 1 oktober af.", span, beside),
    ]
    kind = QuestionKind.STATEMENT
    assert len(compose("nl", kind, candidates, 0.9, may_change=True).citations) == quoted
    assert len(compose("nl", kind, candidates, 0.9).citations) == 1


def test_the_opening_words_stand_in_for_a_title() -> None:
    article = passage("Een twee drie vier vijf zes zeven acht negen tien.").article
    assert display_title(article) == "Een twee drie vier vijf zes zeven acht …"


def test_braces_in_values_are_left_alone() -> None:
    said = phrase("further", "nl", title="{number}", date="{", quote="{quote}", number=2)
    assert said == "“{number}” ({): “{quote}” [2]"


def test_a_title_is_cited_at_its_own_places() -> None:
    found = passage("Eerste zin.")
    found = replace(found, article=replace(found.article, title="Vijf gewonden"))
    citation = cite(1, found, 0, 13, answer=(0, 4), field="title")
    assert (citation.quote, citation.field) == ("Vijf gewonden", "title")
    with pytest.raises(DatelineError, match="no quote of the text"):
        cite(1, found, 0, 13)
    with pytest.raises(DatelineError, match="no quote of the title"):
        cite(1, passage("Eerste zin."), 0, 6, field="title")
