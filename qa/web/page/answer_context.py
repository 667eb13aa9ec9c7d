"""The context of an answer on the page: its limits, its coverage and the values over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from index_store.records import ArticleFilter
from qa.answer.records import Answer, sureness_word
from qa.answer.value_records import describe_value_days, newest_word
from qa.dates.wording import describe_days
from qa.question.kind import AnswerKind
from qa.question.period import AppliedPeriod, PeriodKind
from qa.text.phrases import phrase
from qa.web.page.answer_words import ANSWER
from qa.web.page.counted import counted_articles
from qa.web.page.coverage import count_words, period_of
from qa.web.page.generation import shown_generation
from qa.web.served import ServedArchive
from qa.web.served_union import ServedUnion

Asked = ServedArchive | ServedUnion

_MOST_SHOWN = 3  # names of one sort


def framing(archive: Asked, answer: Answer) -> dict[str, Any]:
    """Return the context that the page shows around an answer, in the language of its question."""
    language = answer.language
    return {
        "archives": list(archive.names),
        "chips": [*_of_archives(archive.names, language), *_chips(answer, language)],
        "remarks": _remarks(answer.applied_period, language),
        "coverage": None
        if answer.kind is AnswerKind.TALK  # nothing was searched
        else _coverage(archive, answer, language),
        "sureness": sureness_word(answer),
        "values": _values(answer, language),
        "contradicting": any(value.newest and not value.agrees for value in answer.values),
        # The bars at the head of the page are those of its own archive.
        "months": [] if archive.names else sorted(_cited_months(answer)),
        "counted": counted_articles(archive, answer),
        "generation": shown_generation(archive, answer),
    }


def _of_archives(names: Sequence[str], language: str) -> Iterator[dict[str, Any]]:
    """Yield a chip for the archives that were asked, if they are several."""
    if names:
        yield {"text": ANSWER[language]["of_archives"].format(names=_listed(names, language))}


def _listed(names: Sequence[str], language: str) -> str:
    told = ", ".join(names[:_MOST_SHOWN])
    if (more := len(names) - _MOST_SHOWN) > 0:
        told = ANSWER[language]["more_names"].format(names=told, count=more)
    return told


def _chips(answer: Answer, language: str) -> list[dict[str, Any]]:
    """Return the limits of an answer as chips; the reader can remove a chip that has a `drop`."""
    words, period = ANSWER[language], answer.applied_period
    found: list[dict[str, Any]] = []
    if answer.standalone and answer.standalone.leans:
        found += [
            {
                "text": words["carried"].format(words=carried),
                "said": words["drop_word"].format(word=carried),
                "drop": {"without": carried},
            }
            for carried in answer.standalone.carried
        ]
    for each in answer.misspellings:
        found.append({"text": phrase("misspelt", language, written=each.written, read=each.read)})
    if period.range:
        days = describe_days(period.range.first, period.range.last, language=language)
        chip: dict[str, Any] = {"text": days}
        if period.kind is PeriodKind.STATED:
            chip |= {"said": words["drop_period"].format(period=days), "drop": {"period": "off"}}
        found.append(chip)
    if answer.as_of:
        day = describe_days(answer.as_of, answer.as_of, language=language)
        found.append({"text": words["as_of"].format(day=day)})
    if period.range and not answer.only.include_inferred:
        found.append({"text": words["inferred_left_out"]})
    if period.range and answer.only.include_undated:
        found.append({"text": words["undated_included"]})
    return [*found, *_named(answer.only, language)]


def _named(only: ArticleFilter, language: str) -> Iterator[dict[str, Any]]:
    """Yield a chip for each sort of names that chose the articles."""
    from babel import Locale

    called = Locale.parse(language).languages
    words = ANSWER[language]
    lists = {
        "sources": only.sources,
        "sections": only.sections,
        "authors": only.authors,
        "languages": [called.get(code, code) for code in only.languages],
    }
    for sort, names in lists.items():
        if names:
            yield {"text": words[f"from_{sort}"].format(names=_listed(names, language))}


def _remarks(period: AppliedPeriod, language: str) -> list[str]:
    """Return remarks on how the time in a question was understood."""
    found = []
    if period.speaks_of:
        first, last = period.speaks_of.first, period.speaks_of.last
        days = describe_days(first, last, language=language)
        found.append(phrase("speaks_of", language, days=days))
    if period.order:
        found.append(phrase(f"order_{period.order}", language))
    if period.not_understood:
        found.append(phrase("not_understood", language, words=period.not_understood))
    return found


def _coverage(archive: Asked, answer: Answer, language: str) -> str:
    """Return how many articles took part, from which period, and how many are cited."""
    count, months = archive.coverage(answer.only)
    used = len({(each.archive, each.article.id) for each in answer.citations})
    articles = count_words(count, language)
    period = period_of(months, language)
    words = ANSWER[language]["coverage_dated" if period else "coverage"]
    return words.format(articles=articles, period=period, used=len(answer.articles) or used)


def _values(answer: Answer, language: str) -> list[dict[str, Any]]:
    """Return the values that the archive gives over time, oldest first, if there are several."""
    if len(answer.values) < 2:
        return []
    return [
        {
            "value": value.value,
            "when": describe_value_days(value, language),
            "numbers": list(value.citations),
            "newest": newest_word(value, answer.values),
        }
        for value in answer.values
    ]


def _cited_months(answer: Answer) -> set[str]:
    """Return the months of the articles cited, where they are known."""
    found = set()
    for citation in answer.citations:
        published = citation.article.published
        if published.first and published.last:
            first, last = str(published.first)[:7], str(published.last)[:7]
            found |= {first} if first == last else set()
    return found
