"""How the time of each text function grows with hostile text: twice the text, twice the time."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from index_store.analysis.language import detect_language
from index_store.analysis.terms import question_terms, terms
from index_store.records import UNKNOWN_DATE, Article
from qa.answer.apposition import find_descriptions
from qa.answer.suggestions.candidates import find_candidates
from qa.answer.tables import value_asked_for
from qa.answer.values.comparison import read_value
from qa.answer.values.quantities import find_quantity
from qa.dates.expressions.finder import find_dates
from qa.dates.expressions.outlook import outlook_of
from qa.dates.inference.inference import infer_date
from qa.dates.inference.story import story_words
from qa.ingest.article_fields import ReadOptions
from qa.ingest.chunking import ChunkingSettings, cut_article
from qa.ingest.decoding import Decoded, decode
from qa.ingest.formats.text import read_markdown
from qa.text.answer_span import clean_span
from qa.text.attribution.correction import taken_back
from qa.text.attribution.grammar import attributions
from qa.text.attribution.speakers import name_in
from qa.text.attribution.state import state_of
from qa.text.attribution.succession import find_successions
from qa.text.names import words_of
from qa.text.sentences import split_sentences
from qa.text.tokens import count_tokens

_TODAY = date(2024, 5, 1)
_ENCODER_LIMIT = 512  # tokens
_PLACES = 8  # where in a text a function that reads around a place is called

# What a hostile text repeats: marks that never close, blanks, figures, and words that begin
# something which never comes.
HOSTILE_UNITS = (
    " ", "\n", "\r", "\t", "a", "A", "1", ".", "-", "'", '"', "“", "„", "«", "(", "[", "#", "|",
    "“’", "```", "'a'", "a ", "A ", "a. ", "A. ", "a.", "a-", "a’s ", "1-", "1-1-", "1.", "1 ",
    "# a ", "\n\n", "\na", "1. ", "“a. ", "de ", "the ", "en ", "van ", "had ", "hij ", "zei ",
    "vond ", "Jan ", "Jan de ", "Jan zei: “", "volgens ", "zegt dat ", "niet meer ", "total ",
    "maart ", "maart en ", "maandag ", "3 maart ", "1-2-2020 ", "2020-", "jaren 90 ", "van 1 tot ",
    "in het artikel ", "in de krant wij ", "honderd", "1.000 ", "1,5 miljoen ", "€ 1", "euro ",
    "<a>", "&amp;", "é", "\u200b", "😀",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextGrowth:
    """How a function grew with its worst hostile text.

    `unit` is what the text repeats. `ratio` is how many times longer a text of twice the size took.
    `seconds_per_megabyte` (of 10**6 characters) is measured on the longest text.
    """

    function: str
    unit: str
    ratio: float
    seconds_per_megabyte: float


def bench_text(functions: Iterable[str], *, size: int, runs: int = 2) -> Iterator[TextGrowth]:
    """Yield how each function grows up to hostile texts of `size` characters: its worst two units.

    The first one has the worst ratio, and the second one takes the most time. `functions` are names
    of `TEXT_FUNCTIONS`.
    """
    for name in functions:
        function = TEXT_FUNCTIONS[name]
        consume(function("Jan zei op 3 maart 2020 nee."))  # loads what the function needs
        found = [growth(name, function, unit, size=size, runs=runs) for unit in HOSTILE_UNITS]
        yield max(found, key=lambda one: one.ratio)
        yield max(found, key=lambda one: one.seconds_per_megabyte)


def growth(
    name: str, function: Callable[[str], object], unit: str, *, size: int, runs: int = 3
) -> TextGrowth:
    """Measure a function on a unit repeated up to a quarter, a half and the whole of `size`."""
    sizes = (size // 4, size // 2, size)
    times = [best_seconds(function, repeated(unit, each), runs=runs) for each in sizes]
    # Two doublings make the ratio steadier. Times too short to measure have no growth.
    ratio = (times[-1] / times[0]) ** 0.5 if times[-1] > 0.002 else 1.0
    return TextGrowth(name, unit, ratio, times[-1] / size * 1e6)


def repeated(unit: str, size: int) -> str:
    """Return a text of `size` characters that repeats a unit.

    >>> repeated("1-", 5)
    '1-1-1'
    """
    return (unit * (size // len(unit) + 1))[:size]


def best_seconds(function: Callable[[str], object], text: str, *, runs: int) -> float:
    """Return the shortest processor time of a few runs; other work on the machine adds to it."""
    times = []
    for _ in range(runs):
        started = time.process_time()
        consume(function(text))
        times.append(time.process_time() - started)
    return min(times)


def consume(found: object) -> None:
    """Run an iterator to its end."""
    if isinstance(found, Iterator):
        deque(found, maxlen=0)


def _article(text: str) -> Article:
    return Article("1", None, text, UNKNOWN_DATE, "Krant", "nl")


def _places(text: str) -> Iterable[int]:
    return range(0, len(text), max(1, len(text) // _PLACES))


def _cut(text: str) -> Sequence[object]:
    def encoder_tokens(texts: Sequence[str]) -> list[int]:
        return [len(each) // 4 for each in texts]

    return cut_article(
        _article(text),
        ChunkingSettings(),
        encoder_tokens=encoder_tokens,
        encoder_limit=_ENCODER_LIMIT,
    )


def _outlooks(text: str) -> None:
    for place in _places(text):
        outlook_of(text, place, place + 3, language="nl")


def _read_markdown(text: str) -> object:
    options = ReadOptions("a.md", "a", "a.md")
    return read_markdown(Decoded(f"Kop {text}", "utf-8"), options)


def _clean_spans(text: str) -> None:
    for place in _places(text):
        clean_span(text, place, place + 40, "nl")


# The functions that get the text of an article, or words that a model chose from it. A question
# has 2,000 characters at most.
TEXT_FUNCTIONS: dict[str, Callable[[str], object]] = {
    "attributions": lambda text: attributions(text, "nl"),
    "clean_span": _clean_spans,
    "count_tokens": count_tokens,
    "cut_article": _cut,
    "decode": lambda text: decode(text.encode()),
    "detect_language": detect_language,
    "find_candidates": lambda text: find_candidates(text, written="nl", asked="nl"),
    "find_dates": lambda text: find_dates(text, today=_TODAY, language="nl"),
    "find_descriptions": lambda text: list(find_descriptions(text, "Kern")),
    "find_successions": lambda text: list(find_successions(text)),
    "find_quantity": lambda text: find_quantity(text, "nl"),
    "infer_date": lambda text: infer_date(_article(text), [], language="nl", today=_TODAY),
    "name_in": name_in,
    "outlook_of": _outlooks,
    "question_terms": question_terms,
    "read_markdown": _read_markdown,
    "read_value": lambda text: read_value(text, "nl"),
    "split_sentences": lambda text: split_sentences(text, language="nl"),
    "taken_back": taken_back,
    "state_of": lambda text: state_of(text, 0, 1, "nl"),
    "story_words": lambda text: story_words(_article(text)),
    "terms": lambda text: terms(text, language="nl"),
    "value_asked_for": lambda text: value_asked_for(text, 0, 1, "Hoeveel?"),
    "words_of": words_of,
}
