"""What a notebook shows of answers, passages, matches and timelines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from index_store.records import (
    Article,
    ArticleFilter,
    Chunk,
    DateRange,
    Precision,
    Provenance,
    PublicationDate,
)
from qa.answer.records import AlsoIn, Answer, Citation
from qa.answer.timeline import Timeline
from qa.answer.value_records import AnswerValue
from qa.dates.expressions import find_dates
from qa.retrieval.matches import Matches
from qa.retrieval.passage import Passage
from tests.store_building import make_article, make_store, open_view

HOSTILE = (
    "<script>kwaad()</script><img src=x onerror='kwaad()'>\"'> </blockquote></div> &lt;b&gt; "
    "<!-- $x^2$ \\(y\\) \x1b[31m\u202eom\u202c\x00 brug"
)
MONTH = PublicationDate(
    date(2022, 11, 1), date(2022, 11, 30), Precision.MONTH, Provenance.STATED, "2022-11"
)
ENDS_ITSELF = {"img", "meta", "br", "link"}


class Shown(HTMLParser):
    """What a browser makes of HTML: its tags, its attributes, its text, and the marked words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: Counter[str] = Counter()
        self.links: list[str | None] = []
        self.styles, self.text, self.marked = "", "", ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.update(name for name, _ in attrs)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        self.styles += "".join(str(value) for name, value in attrs if name == "style")
        self._open += [tag] if tag not in ENDS_ITSELF else []

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        self.marked += data if "mark" in self._open else ""


def answer_of(citation: Citation, passage: Passage, text: str) -> Answer:
    return Answer(
        text, text, text, False, None, 0.9, (citation,), (passage,), DateRange(), 0.1, "f",
        lead=text, also_in=(AlsoIn(1, replace(citation.article, id="b")),),
        values=tuple(
            AnswerValue(text, *MONTH_DAYS, False, (1,), newest, True) for newest in (False, True)
        ),
    )  # fmt: skip


MONTH_DAYS = (MONTH.first, MONTH.last)


def records(text: str, store: Path) -> dict[str, Any]:
    """Return a record of each kind, in which all that comes from an article is this text."""
    whole = f"Over de {text} loopt in maart 2022 een weg."
    article = make_article(
        text.replace("\x00", ""), whole.replace("\x00", ""), title=text.replace("\x00", ""),
        published=MONTH, source=text.replace("\x00", ""), url=text, author=text,
    )  # fmt: skip
    start = whole.index(text)
    dates = tuple(find_dates(whole, today=date(2022, 11, 1), language="nl"))
    shown = replace(article, id=text, text=whole, title=text, source=text)
    citation = Citation(
        1, whole, 0, len(whole), shown, start, start + len(text), agrees=False, dates=dates
    )
    passage = Passage(Chunk(text, 0, len(whole), whole), shown, 0.5, 0.5, 0.0, 1)
    answer = answer_of(citation, passage, text)
    with closing(make_store(store, [replace(article, url=None)])) as opened:
        found = Matches(open_view(opened), "een weg brug")
        matches = Shown(found._repr_html_())
    return {
        "answer": Shown(answer._repr_html_()),
        "abstained": Shown(replace(answer, abstained=True, citations=())._repr_html_()),
        "passage": Shown(passage._repr_html_()),
        "matches": matches,
        "timeline": Shown(Timeline(text, (citation,))._repr_html_()),
    }


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Any]]:
    folder = tmp_path_factory.mktemp("notebook")
    return lambda text: records(text, folder / str(len(text)))


def test_text_of_an_article_is_never_html(shown: Callable[[str], dict[str, Any]]) -> None:
    plain, hostile = shown("brug"), shown(HOSTILE)
    for name, page in hostile.items():
        assert page.tags == plain[name].tags, name
        assert page.attributes == plain[name].attributes, name
        assert page.links == [], name
        assert "<script>kwaad()</script>" in page.text, name


def test_words_are_marked_and_title_date_and_source_stand_above(
    shown: Callable[[str], dict[str, Any]],
) -> None:
    pages = shown("brug")
    assert pages["answer"].marked == "brug"
    assert pages["timeline"].marked == "brug"
    assert pages["matches"].marked == "brugbrugeenweg"  # in the title, then in the text
    for name in ("answer", "abstained", "passage", "matches", "timeline"):
        assert "november 2022" in pages[name].text, name
        assert "1 november 2022" not in pages[name].text, name
    assert "zegt iets anders" in pages["answer"].text
    assert "ook in brug (november 2022)" in pages["answer"].text
    assert "nieuwste" in pages["answer"].text
    assert "Het dichtst in de buurt" in pages["abstained"].text
    assert "“maart 2022”" in pages["timeline"].text


def test_it_takes_the_colours_of_the_notebook_and_makes_no_formulas(
    shown: Callable[[str], dict[str, Any]],
) -> None:
    for page in shown("brug").values():
        assert "color" not in page.styles
        assert "background" not in page.styles
        assert page.tags["style"] == page.tags["script"] == 0
    html = Timeline("Brug $x$", ())._repr_html_()
    assert html.startswith('<div class="dateline tex2jax_ignore mathjax_ignore"')


def test_only_an_address_of_the_web_is_a_link() -> None:
    for url, links in (("https://krant.example/1", 1), ("javascript:kwaad()", 0)):
        article = make_article("a", "De brug.", url=url)
        html = Passage(Chunk("a", 0, 8, "De brug."), article, 1.0, 1.0, 1.0, 1)._repr_html_()
        assert Shown(html).links == [url] * links


def test_of_many_matches_the_first_are_shown(tmp_path: Path) -> None:
    articles: list[Article] = [make_article(f"{at:02}", "De brug.") for at in range(21)]
    with closing(make_store(tmp_path / "store", articles)) as store:
        view = open_view(store)
        page = Shown(Matches(view, "which bridge OR brug")._repr_html_())
        assert page.marked.count("brug") == 20
        assert "there are more" in page.text
        some = Matches(view, "brug", ArticleFilter(sources=("krant",)), order="left")
        assert "er zijn er meer" in some._repr_html_()
        assert "Geen plaatsen gevonden" in Matches(view, "sluis")._repr_html_()
        assert "Geen plaatsen gevonden" in Matches(None, "sluis")._repr_html_()
