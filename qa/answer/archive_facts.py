"""Answers questions about the archive itself, from its catalog and a full count of words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index_store.catalog.listing import ArticleEntry
from index_store.records import Chunk
from index_store.store import StoreView
from qa.answer.archive_bounds import ArchiveBounds, archive_bounds, can_count
from qa.answer.archive_subjects import telling_names, telling_terms
from qa.answer.composer import Composition, abstention, cite
from qa.answer.records import Citation
from qa.dates.wording import describe_days, display_date
from qa.question.inquiry import Inquiry
from qa.question.kind import ArchiveMeasure
from qa.retrieval.exhaustive import (
    TopicArticles,
    counted,
    find_all,
    forms_found,
    telling_sentence,
)
from qa.retrieval.passage import Passage
from qa.text.phrases import display_title, phrase

_FORMS = 6
_LISTED = 12  # sources, authors, names
_QUOTES = 3
_QUOTES_OF_A_LIST = 8
_NAMES_OF_LANGUAGES = {
    "nl": {"nl": "Nederlands", "en": "Engels"},
    "en": {"nl": "Dutch", "en": "English"},
}


@dataclass(frozen=True, slots=True)
class _Facts:
    """The articles found, with everything that is needed to report on them."""

    view: StoreView
    inquiry: Inquiry
    matches: TopicArticles
    bounds: ArchiveBounds

    @property
    def entries(self) -> tuple[ArticleEntry, ...]:
        return self.matches.entries

    @property
    def dated(self) -> list[ArticleEntry]:
        return [each for each in self.entries if each.first]

    def say(self, name: str, **values: object) -> str:
        return phrase(f"archive_{name}", self.inquiry.language, **values)


@dataclass(frozen=True, slots=True)
class _Told:
    """Lines about the articles, and the articles to quote, in order."""

    lines: list[str]
    quoted: Sequence[ArticleEntry]


def archive_facts(view: StoreView, inquiry: Inquiry) -> tuple[Composition, list[Passage]]:
    """Return the exact answer to a question about the archive, and the passages that it quotes.

    The answer may be that no article was found. It states the rule by which articles were counted.
    """
    if not can_count(inquiry.asked):
        return abstention(inquiry.language, "not_counted", 0.0), []
    bounds = archive_bounds(view, inquiry)
    inquiry = replace(inquiry, only=bounds.only)
    found = find_all(view, bounds.topic, bounds.only)
    facts = _Facts(view, inquiry, found, bounds)
    measure = inquiry.analysis.measure or ArchiveMeasure.ARTICLES
    told = _MEASURES[measure](facts) if facts.entries else _Told(_nothing(facts), ())
    passages, citations = _quotes(facts, told.quoted)
    said = [" ".join([_headline(facts), *told.lines]), *_rule(facts)]
    lines = [*said, *(_quote_line(facts, each) for each in citations)]
    count, clusters = len(found.entries), _clusters(facts)
    if measure is ArchiveMeasure.SOURCE_COUNT:
        count = len(counted(found.entries, lambda each: each.sources))
    text, lead = "\n".join(lines), "\n".join(said)
    return (
        Composition(
            text,
            None,
            1.0,
            citations,
            lead=lead,
            count=count,
            articles=found.ids,
            clusters=clusters,
        ),
        passages,
    )


def _headline(facts: _Facts) -> str:
    """Return the number of articles in a sentence: "17 artikelen bevatten “kernwapens”."."""
    count, words = len(facts.entries), _words(facts)
    how_many = {0: "none", 1: "one"}.get(count, "many")
    if not words:
        how_many = f"all_{how_many}" if count else "none_at_all"
    said = facts.say(how_many, count=count, words=words)
    known = _NAMES_OF_LANGUAGES[facts.inquiry.language]
    spoken = (known.get(code, code) for code in facts.inquiry.only.languages)
    bounds = [*facts.bounds.names, *spoken]
    if period := facts.inquiry.only.published:
        bounds.append(describe_days(period.first, period.last, language=facts.inquiry.language))
    return facts.say("bounds", bounds=", ".join(bounds), said=said) if bounds else said


def _words(facts: _Facts) -> str:
    words = facts.matches.words
    if all(each.is_name for each in words):  # a first name and a surname are shown as one name
        return f"“{facts.bounds.topic}”" if words else ""
    return facts.say("and").join(f"“{each.written}”" for each in words)


def _rule(facts: _Facts) -> list[str]:
    """Return the line with the counted forms of the words; no line if no form was found."""
    forms = forms_found(facts.view, facts.matches) if facts.matches.words else ()
    if not forms:
        return []
    shown = ", ".join(forms[:_FORMS]) + (", …" if len(forms) > _FORMS else "")
    rule = "rule_word" if len(facts.matches.words) == 1 else "rule_words"
    return [facts.say(rule, forms=shown)]


def _nothing(facts: _Facts) -> list[str]:
    """Return likely reasons why no article holds all words: the count of each, and the language."""
    view, only, words = facts.view, facts.inquiry.only, facts.matches.words
    lines = []
    alone = [(each.written, len(find_all(view, each.written, only).entries)) for each in words]
    if len(words) > 1 and all(count for _, count in alone):
        lines.append(facts.say("apart", counts=_listed(facts, alone)))
    spoken = counted(view.entries((), only), lambda each: filter(None, [each.language]))
    names = _NAMES_OF_LANGUAGES[facts.inquiry.language]
    if words and spoken and spoken[0][0] != facts.inquiry.language and spoken[0][0] in names:
        lines.append(facts.say("language", spoken=names[spoken[0][0]]))
    return lines


def _clusters(facts: _Facts) -> int:
    """Return the number of articles, with near copies of each other counted as one."""
    first_of = facts.view.copies() if len(facts.entries) > 1 else {}
    return len({first_of.get(each.number, each.number) for each in facts.entries})


def _copies(facts: _Facts) -> list[str]:
    """Return a line with the number of different texts, if some articles are near copies."""
    clusters = _clusters(facts)
    return [facts.say("copies", count=clusters)] if clusters < len(facts.entries) else []


def _without_copies(facts: _Facts) -> list[ArticleEntry]:
    """Return the oldest article of each group of near copies, and all others."""
    first_of = facts.view.copies() if len(facts.entries) > 1 else {}
    groups = {first_of.get(each.number, each.number): each for each in reversed(facts.entries)}
    kept = {each.number for each in groups.values()}
    return [each for each in facts.entries if each.number in kept]


def _count(facts: _Facts) -> _Told:
    quoted = _without_copies(facts)[:_QUOTES] if facts.matches.words else ()
    return _Told(_copies(facts), quoted)


def _articles(facts: _Facts) -> _Told:
    more = len(facts.entries) - _QUOTES_OF_A_LIST
    lines = [facts.say("more", count=more)] if more > 0 else []
    return _Told([*_copies(facts), *lines], facts.entries[:_QUOTES_OF_A_LIST])


def _sources(facts: _Facts) -> _Told:
    counts = counted(facts.entries, lambda each: each.sources)
    name = "source" if len(counts) == 1 else "sources"
    line = facts.say(name, sources=len(counts), counts=_listed(facts, counts))
    return _Told([line], _one_each(facts, counts, lambda each: each.sources))


def _authors(facts: _Facts) -> _Told:
    counts = counted(facts.entries, _author)
    without = sum(each.author is None for each in facts.entries)
    if not counts:
        return _Told([facts.say("never_author")], facts.entries[:1])
    lines = [facts.say("authors", counts=_listed(facts, counts))]
    lines += [facts.say("no_author", count=without)] if without else []
    return _Told(lines, _one_each(facts, counts, _author))


def _author(entry: ArticleEntry) -> list[str]:
    return [entry.author] if entry.author else []


def _one_each(
    facts: _Facts,
    counts: Sequence[tuple[str, int]],
    names: Callable[[ArticleEntry], Iterable[str]],
) -> list[ArticleEntry]:
    """Return the oldest article of each name, most frequent names first; none without a topic."""
    if not facts.matches.words:
        return []
    oldest = [
        next(each for each in facts.entries if name in names(each))
        for name, _ in counts[:_QUOTES_OF_A_LIST]
    ]
    return list({each.number: each for each in oldest}.values())


def _first(facts: _Facts) -> _Told:
    dated = facts.dated
    rivals = [each for each in dated[1:] if _days(each)[0] <= _days(dated[0])[1]]
    return _extreme(facts, "first", dated[:1], rivals)


def _last(facts: _Facts) -> _Told:
    dated = sorted(facts.dated, key=lambda each: (*_days(each)[::-1], each.id), reverse=True)
    rivals = [each for each in dated[1:] if _days(each)[1] >= _days(dated[0])[0]]
    return _extreme(facts, "last", dated[:1], rivals)


def _extreme(
    facts: _Facts, name: str, found: list[ArticleEntry], rivals: list[ArticleEntry]
) -> _Told:
    """Report the first or last article; by their dates, each of the `rivals` may be it too."""
    if not found:
        return _Told([facts.say("never_dated")], facts.entries[:_QUOTES])
    article = facts.view.articles([found[0].number])[found[0].number]
    lines = [
        facts.say(
            name,
            date=display_date(article, facts.inquiry.language),
            title=display_title(article),
            source=article.source,
        )
    ]
    if rivals:
        exact = all(each.first == each.last for each in (*found, *rivals))
        lines.append(facts.say("same_day" if exact else "may_be", count=len(rivals)))
    return _Told([*lines, *_undated(facts)], [*found, *rivals][:_QUOTES])


def _period(facts: _Facts) -> _Told:
    dated = facts.dated
    if not dated:
        return _Told([facts.say("never_dated")], ())
    language = facts.inquiry.language
    ends = min(_days(each)[0] for each in dated), max(_days(each)[1] for each in dated)
    first, last = (describe_days(day, day, language=language) for day in ends)
    line = facts.say("date" if ends[0] == ends[1] else "dates", first=first, last=last)
    return _Told([line, *_undated(facts)], ())


def _undated(facts: _Facts) -> list[str]:
    count = len(facts.entries) - len(facts.dated)
    return [facts.say("undated", count=count)] if count else []


def _subject(facts: _Facts) -> _Told:
    found = _period(facts).lines
    for name, telling in (("names", telling_names), ("terms", telling_terms)):
        if counts := telling(facts.view, facts.entries, facts.inquiry.only):
            found.append(facts.say(name, counts=_listed(facts, counts)))
    return _Told(found, ())


def _days(entry: ArticleEntry) -> tuple[date, date]:
    assert entry.first is not None and entry.last is not None  # noqa: S101, PT018 - the entries are dated
    return entry.first, entry.last


def _listed(facts: _Facts, counts: Sequence[tuple[str, int]]) -> str:
    """Return names with their counts: "NRC (5), Trouw (2)"."""
    listed = ", ".join(f"{name} ({count})" for name, count in counts[:_LISTED])
    more = len(counts) - _LISTED
    return f"{listed} {facts.say('more', count=more).rstrip('.')}" if more > 0 else listed


def _quotes(
    facts: _Facts, entries: Sequence[ArticleEntry]
) -> tuple[list[Passage], tuple[Citation, ...]]:
    """Quote from each article the sentence that shows why the article was counted."""
    articles = facts.view.articles([each.number for each in entries])
    passages: list[Passage] = []
    citations: list[Citation] = []
    for entry in entries:
        if (article := articles.get(entry.number)) is None or not article.text.strip():
            continue  # removed a moment ago
        rank = len(passages) + 1
        start, end = telling_sentence(article, facts.matches.words)
        chunk = Chunk(article.id, start, end, article.text[start:end])
        passages.append(Passage(chunk, article, 0.0, 0.0, 0.0, rank))
        citations.append(cite(rank, passages[-1], start, end))
    return passages, tuple(citations)


def _quote_line(facts: _Facts, citation: Citation) -> str:
    language = facts.inquiry.language
    return phrase(
        "further",
        language,
        title=display_title(citation.article),
        date=display_date(citation.article, language),
        quote=citation.quote,
        number=citation.number,
    )


_MEASURES: dict[ArchiveMeasure, Callable[[_Facts], _Told]] = {
    ArchiveMeasure.COUNT: _count,
    ArchiveMeasure.SOURCE_COUNT: _sources,
    ArchiveMeasure.SOURCES: _sources,
    ArchiveMeasure.FIRST: _first,
    ArchiveMeasure.LAST: _last,
    ArchiveMeasure.AUTHOR: _authors,
    ArchiveMeasure.SUBJECT: _subject,
    ArchiveMeasure.PERIOD: _period,
    ArchiveMeasure.ARTICLES: _articles,
}
