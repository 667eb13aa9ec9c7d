"""Timelines: quotes that span the whole period, and their picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index_store.local_view import LocalView
from index_store.records import (
    UNKNOWN_DATE,
    Article,
    ArticleFilter,
    DateRange,
    Precision,
    Provenance,
    PublicationDate,
)
from qa.answer.records import Citation
from qa.answer.timeline import (
    PlotError,
    Timeline,
    build_timeline,
    find_timeline,
    plot_timeline,
    timeline_text,
)
from qa.answer.timeline.slices import slices, slices_with_days
from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.question.inquiry import understand
from qa.retrieval.passage import Passage
from qa.retrieval.retriever import Retriever
from qa.settings import RetrievalSettings
from tests.planted_updates import plant
from tests.store_building import ENCODER, make_article, make_store, open_view

HOSTILE = '<script>alert("x")</script> & $\\frac{1}{0}$ {topic} ${x} {{7*7}} \u202eomgekeerd 𝔛 \x07'


def on(day: date) -> PublicationDate:
    return PublicationDate(day, day, Precision.DAY, Provenance.STATED, day.isoformat())


def told(number: int, day: date | None, text: str) -> Article:
    published = on(day) if day else UNKNOWN_DATE
    return make_article(f"krant/{number:03}", text, title=f"Bericht {number}", published=published)


@contextmanager
def view_of(path: Path, articles: Sequence[Article]) -> Iterator[LocalView]:
    store = make_store(path, articles)
    try:
        yield open_view(store)
    finally:
        store.close()


def find(view: LocalView, topic: str, period: DateRange, limit: int = 8) -> list[Passage]:
    retriever = Retriever(ENCODER, RetrievalSettings())
    query = retriever.query(understand(topic))
    return retriever.retrieve(view, query, limit=limit, only=ArticleFilter(period))


def timeline_of(view: LocalView, topic: str, period: DateRange | None = None) -> Timeline:
    return find_timeline(
        view,
        Retriever(ENCODER, RetrievalSettings()),
        understand(topic, only=ArticleFilter(period)),
    )


def clump() -> list[Article]:
    """Return forty articles of one month that speak of the dike, and one in each other month."""
    words = ["dam", "sluis", "stuw", "kade", "oever", "polder", "gemaal", "duin"]
    busy = [
        told(
            number,
            date(2022, 6, 1 + number % 28),
            f"De dijk brak, de dijk bij de {words[number % 8]} nummer {number} brak in de nacht.",
        )
        for number in range(40)
    ]
    calm = [
        told(
            100 + number,
            date(2022, 1, 10) + timedelta(days=61 * number),
            f"Over de dijk werd op {number + 1} februari gesproken door raadslid {number}.",
        )
        for number in range(6)
    ]
    return [*busy, *calm]


def test_a_timeline_spans_the_period_and_not_only_its_peak(tmp_path: Path) -> None:
    period = DateRange(date(2022, 1, 1), date(2022, 12, 31))
    with view_of(tmp_path / "store", clump()) as view:
        top = find(view, "dijk brak", period, limit=12)
        timeline = timeline_of(view, "dijk brak", period)
    months = {each.article.published.first.month for each in timeline.citations}  # type: ignore[union-attr]
    # The best passages alone are all of the month of the breach.
    assert {passage.article.published.first.month for passage in top} == {6}  # type: ignore[union-attr]
    assert {1, 3, 5, 6, 7, 9, 11} <= months
    assert len(timeline.citations) == 12
    days = [each.article.published.first for each in timeline.citations]
    assert days == sorted(days)  # type: ignore[type-var]
    assert [each.number for each in timeline.citations] == list(range(1, 13))


def test_quotes_and_their_dates_are_exact(tmp_path: Path) -> None:
    text = "Het regende lang.  De dijk brak op 3 februari, zei men in 2014 al over de dijk."
    with view_of(tmp_path / "store", [told(1, date(2022, 3, 8), text)]) as view:
        passages = find(view, "dijk", DateRange())
        [citation] = build_timeline(view, passages, understand("dijk")).citations
    assert citation.article.text[citation.start : citation.end] == citation.quote
    assert citation.quote.startswith("De dijk brak")
    for expression in citation.dates:
        assert text[expression.start : expression.end] == expression.text
    assert [(each.text, each.range.first) for each in citation.dates] == [
        ("3 februari", date(2022, 2, 3)),
        ("2014", date(2014, 1, 1)),
    ]
    assert citation.to_dict()["published"]["first"] == "2022-03-08"
    assert citation.to_dict()["dates"][0]["first"] == "2022-02-03"


def test_what_is_nearly_the_same_stands_once_and_the_first_stays(tmp_path: Path) -> None:
    said = "De dijk bij het oude dorp is vannacht over een lengte van honderd meter bezweken"
    articles = [
        told(1, date(2022, 5, 2), f"{said}."),
        told(2, date(2022, 9, 2), f"{said}, meldt de krant."),
        told(3, date(2022, 12, 2), "De dijk is weer hersteld en wordt morgen gekeurd."),
    ]
    with view_of(tmp_path / "store", articles) as view:
        timeline = build_timeline(view, find(view, "dijk", DateRange()), understand("dijk"))
    assert [each.article.id for each in timeline.citations] == ["krant/001", "krant/003"]


def test_undated_articles_only_come_when_asked_for_and_last(tmp_path: Path) -> None:
    articles = [
        told(1, None, "De dijk wordt door niemand in de gaten gehouden."),
        told(2, date(2022, 9, 2), "Over de dijk is veel gesproken in de raad."),
    ]
    with view_of(tmp_path / "store", articles) as view:
        passages = [*find(view, "dijk", DateRange()), *everything(view, "dijk")]
        without = build_timeline(view, passages, understand("dijk"))
        with_them = build_timeline(view, passages, understand("dijk"), include_undated=True)
    assert [each.article.id for each in without.citations] == ["krant/002"]
    assert [each.article.id for each in with_them.citations] == ["krant/002", "krant/001"]
    assert "datum onbekend" in timeline_text(with_them, "nl")
    assert (with_them.first, with_them.last) == (date(2022, 9, 2), date(2022, 9, 2))


def everything(view: LocalView, topic: str) -> list[Passage]:
    retriever = Retriever(ENCODER, RetrievalSettings())
    return retriever.retrieve(
        view, retriever.query(understand(topic)), limit=20, only=ArticleFilter()
    )


def test_other_subjects_are_left_out(tmp_path: Path) -> None:
    articles = [
        told(1, date(2022, 1, 2), "De dijk bij het dorp is doorgebroken vannacht."),
        told(2, date(2022, 6, 2), "Het concert in de hal was geheel uitverkocht."),
        told(3, date(2022, 12, 2), "Eindelijk is men klaar: de dijk bij het dorp staat weer."),
    ]
    with view_of(tmp_path / "store", articles) as view:
        timeline = build_timeline(view, everything(view, "dijk dorp"), understand("dijk dorp"))
    assert [each.article.id for each in timeline.citations] == ["krant/001", "krant/003"]


def test_nothing_found_is_said(tmp_path: Path) -> None:
    with view_of(tmp_path / "store", [told(1, date(2022, 1, 2), "De dijk.")]) as view:
        timeline = build_timeline(view, [], understand("dijk"))
    assert timeline == Timeline("dijk", ())
    assert timeline.to_dict() == {"topic": "dijk", "first": None, "last": None, "citations": []}
    assert "heeft hier niets over" in timeline_text(timeline, "nl")
    with pytest.raises(PlotError, match="nothing dated"):
        plot_timeline(timeline, tmp_path / "x.svg")


DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(DAYS, st.integers(0, 5000), st.integers(1, 60))
@settings(deadline=None)
def test_slices_cover_each_day_once(first: date, length: int, count: int) -> None:
    period = DateRange(first, first + timedelta(days=length))
    parts = slices(period, count)
    assert (parts[0].first, parts[-1].last) == (period.first, period.last)
    assert len(parts) == min(count, length + 1)
    for part, following in pairwise(parts):
        assert part.last is not None
        assert following.first == part.last + timedelta(days=1)
    sizes = [(part.last - part.first).days for part in parts if part.first and part.last]
    assert max(sizes) - min(sizes) <= 1


@given(st.lists(DAYS, max_size=40), st.integers(1, 15))
@settings(deadline=None)
def test_each_day_is_in_one_of_enough_slices(days: list[date], count: int) -> None:
    parts = slices_with_days(days, count)
    held = [[day for day in set(days) if DateRange(day, day).overlaps(part)] for part in parts]
    assert sorted(day for each in held for day in each) == sorted(set(days))
    assert all(held)
    assert min(count, len(set(days))) <= len(parts) < 2 * count or not days


def test_an_open_period_has_no_slices() -> None:
    with pytest.raises(ValueError, match="open side"):
        slices(DateRange(date(2020, 1, 1)), 3)


@given(most=st.integers(1, 15), kept=st.sets(st.integers(0, 19), min_size=1))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_passages_give_an_ordered_timeline(
    most: int, kept: set[int], shared_view: LocalView
) -> None:
    passages = [each for at, each in enumerate(everything(shared_view, "dijk brak")) if at in kept]
    timeline = build_timeline(shared_view, passages, understand("dijk brak"), most=most)
    days = [each.article.published.first for each in timeline.citations]
    assert days == sorted(days)  # type: ignore[type-var]
    assert bool(days) is bool(passages)
    assert len(timeline.citations) <= most
    assert build_timeline(shared_view, passages, understand("dijk brak"), most=most) == timeline


@pytest.fixture(scope="module")
def shared_view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalView]:
    with view_of(tmp_path_factory.mktemp("timeline") / "store", clump()) as view:
        yield view


# -- archives with planted updates ------------------------------------------------------------


TOPICS = {
    "Hoe hoog is de inflatie?": "inflatie",
    "Waar worden de gesprekken gehouden?": "gesprekken",
    "How many soldiers are at the border?": "soldiers border",
    "Hoeveel militairen staan er bij de grens?": "militairen grens",
    "Wanneer gaat de tunnel open?": "opening tunnel",
    "Wie leidt de onderhandelingen?": "onderhandelingen",
    "Hoeveel kost de nieuwe brug?": "nieuwe brug",
}


def test_planted_values_are_in_the_timeline_in_order(tmp_path: Path) -> None:
    """Counted are values that stand in a sentence with a word of the topic."""
    listed = planted_values = 0
    for seed in range(12):
        planted = plant(seed, "held out")
        topic = TOPICS[planted.question]
        with view_of(tmp_path / str(seed), planted.articles) as view:
            timeline = timeline_of(view, topic)
        days = [each.article.published.first for each in timeline.citations]
        assert days == sorted(days)  # type: ignore[type-var]
        with_topic, quoted = set(), set()
        for key, mention in zip(planted.keys, planted.mentions, strict=True):
            if any(word in mention.sentence.casefold() for word in topic.split()):
                with_topic.add(key)
            if any(
                each.article.id == mention.article_id and each.start <= mention.start < each.end
                for each in timeline.citations
            ):
                quoted.add(key)
        counted = with_topic.intersection(planted.expected)
        listed += len(quoted & counted)
        planted_values += len(counted)
    assert planted_values > 20
    assert listed >= 0.9 * planted_values


# -- in words and as a picture ----------------------------------------------------------------


@pytest.fixture
def hostile(tmp_path: Path) -> Timeline:
    article = replace(
        told(1, date(2022, 1, 2), f"De dijk brak op 31 december 2021. {HOSTILE} over de dijk."),
        title=HOSTILE,
    )
    with view_of(tmp_path / "store", [article]) as view:
        timeline = build_timeline(view, everything(view, "dijk"), understand("dijk"))
        return replace(timeline, topic=f"dijk {HOSTILE}")


def test_text_is_shown_as_it_is(hostile: Timeline) -> None:
    for language in ("nl", "en"):
        words = timeline_text(hostile, language)
        assert HOSTILE in words
        assert hostile.citations
        for citation in hostile.citations:
            assert citation.quote in words
    assert "spreekt van “31 december 2021”: 31 december 2021" in timeline_text(hostile, "nl")
    assert "speaks of “31 december 2021”: 31 December 2021" in timeline_text(hostile, "en")


def test_a_picture_can_be_read_aloud_and_holds_no_markup(tmp_path: Path, hostile: Timeline) -> None:
    path = plot_timeline(hostile, tmp_path / "plot.svg")
    root = ElementTree.parse(path).getroot()
    title, description = root[0], root[1]
    assert (title.tag.rpartition("}")[2], description.tag.rpartition("}")[2]) == ("title", "desc")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert description.text is not None
    assert '<script>alert("x")</script>' in description.text
    assert not [each for each in root.iter() if each.tag.endswith(("script", "foreignObject"))]
    plot_timeline(hostile, tmp_path / "again.svg")
    assert (tmp_path / "again.svg").read_bytes() == path.read_bytes()


def test_a_picture_in_pixels(tmp_path: Path, hostile: Timeline) -> None:
    path = plot_timeline(hostile, tmp_path / "plot.png", language="en")
    assert path.read_bytes().startswith(b"\x89PNG")


def test_other_pictures_are_refused(tmp_path: Path, hostile: Timeline) -> None:
    with pytest.raises(SettingsError, match=r"\.svg or \.png"):
        plot_timeline(hostile, tmp_path / "plot.gif")
    with pytest.raises(PlotError, match="cannot write"):
        plot_timeline(hostile, tmp_path / "nowhere" / "plot.svg")


def test_one_old_article_does_not_push_the_others_together(tmp_path: Path) -> None:
    old = told(200, date(1953, 2, 1), "Bij de watersnood begaf de dijk het op vele plaatsen.")
    with view_of(tmp_path / "store", [*clump(), old]) as view:
        timeline = timeline_of(view, "dijk")
    assert len(timeline.citations) == 12
    days = [each.article.published.first for each in timeline.citations]
    assert days[0] == date(1953, 2, 1)
    assert {1, 3, 5, 7, 9, 11} <= {day.month for day in days if day and day.year == 2022}


def test_what_the_archive_does_not_speak_of_has_no_timeline(tmp_path: Path) -> None:
    with view_of(tmp_path / "store", clump()) as view:
        assert timeline_of(view, "wereldkampioenschap voetbal").citations == ()


def test_the_period_bounds_the_articles(tmp_path: Path) -> None:
    period = DateRange(date(2022, 2, 1), date(2022, 5, 31))
    with view_of(tmp_path / "store", clump()) as view:
        timeline = timeline_of(view, "dijk", period)
        nothing = timeline_of(view, "dijk", DateRange(date(2030, 1, 1)))
        assert view.publication_days(ArticleFilter(period)) == [
            DateRange(day, day) for day in (date(2022, 3, 12), date(2022, 5, 12))
        ]
    assert [each.article.id for each in timeline.citations] == ["krant/101", "krant/102"]
    assert nothing.citations == ()


def test_nothing_that_may_be_later_than_as_of_is_seen(tmp_path: Path) -> None:
    month = PublicationDate(
        date(2022, 6, 1), date(2022, 6, 30), Precision.MONTH, Provenance.STATED, "2022-06"
    )
    of_month = replace(told(300, None, "De dijk van juni is nu ook bezweken."), published=month)
    with view_of(tmp_path / "store", [*clump(), of_month]) as view:
        for day in (date(2022, 6, 15), date(2022, 7, 12), date(2021, 1, 1)):
            only = ArticleFilter(as_of=day, include_undated=True)
            retriever = Retriever(ENCODER, RetrievalSettings())
            timeline = find_timeline(view, retriever, understand("dijk", only=only))
            lasts = [each.article.published.last for each in timeline.citations]
            assert all(last and last <= day for last in lasts)
            assert bool(lasts) == (day.year == 2022)


def test_the_seeds_have_a_timeline(seed_assistant: Assistant) -> None:
    topic = "Russische troepen bij de grens met Oekraïne"
    timeline = seed_assistant.timeline(topic, include_undated=True)
    days = [each.article.published.first or date.max for each in timeline.citations]
    assert days == sorted(days)
    assert {"2021-12", "2022-11", "2023-03", None} == {
        each.article.published.words for each in timeline.citations
    }
    for citation in timeline.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote
    assert seed_assistant.timeline("kaasproductie in Gouda").citations == ()


@pytest.mark.parametrize("days", [0, 1, 20, 90, 400, 1300, 1700, 9000])
def test_any_length_of_time_is_drawn_without_a_warning(tmp_path: Path, days: int) -> None:
    ends = (date(2000, 3, 1), date(2000, 3, 1) + timedelta(days=days))
    citations = tuple(
        Citation(
            number,
            "Zin.",
            0,
            4,
            Article(
                f"a{number}",
                "T",
                "Zin.",
                PublicationDate(day, day, Precision.DAY, Provenance.STATED, str(day)),
                "krant",
                "nl",
            ),
        )
        for number, day in enumerate(ends, start=1)
    )
    assert plot_timeline(Timeline("zin", citations), tmp_path / "plot.png").stat().st_size > 0
