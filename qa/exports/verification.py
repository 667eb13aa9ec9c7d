"""Checks every quote of an export, and the facts beside it, against the archive as it is now.

In every format, the answers are rebuilt from the archive and written again for comparison.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path

from index_store.records import Article
from qa.answer.records import quoted_field
from qa.exports.formats import Format, format_of
from qa.exports.match_files import holds_matches, read_matches, verify_matches
from qa.exports.reconstruction import Finder, Lookups, finder, rebuild
from qa.exports.records import (
    Difference,
    Exported,
    ExportedQuote,
    ExportError,
    Failure,
    FailureReason,
)

_MOST_ALIGNED = 500  # lines; in longer texts, lines are compared by their number


def verify(path: Path, lookup: Lookups) -> list[Failure | Difference]:
    """Return the quotes of an export that fail the check, in order, then all other differences.

    `lookup` returns the article with an id, as `Assistant.article` does; for the export of an
    answer from several archives, it holds one such function for each, by its name. In a file of
    matches (.jsonl, or a table), each line is checked by itself. If an answer quotes an
    article that is gone, only the quotes of that answer are checked, and not the facts beside them.
    In RIS, this holds for the record of the article.

    Raises:
        ExportError: the file cannot be read as an export.
    """
    find = finder(lookup)
    if holds_matches(path):
        return verify_matches(path, find, _check)
    known, text, exported = _read(path)
    failed = failures(exported.quotes, find)
    missing = FailureReason.NO_ARTICLE
    gone = {_article_of(each.quote) for each in failed if each.reason is missing}
    answers = [rebuild(answer, find) for answer in exported.answers]
    theirs, ours = known.lines(text), known.lines(known.write_again(exported, answers))
    if not gone:
        return [*failed, *_differences(theirs, ours)]
    untold = [any(_article_of(x) in gone for x in quotes) for quotes in known.parts(exported)]
    pairs = _parts(known, theirs), _parts(known, ours)
    if len(pairs[0]) != len(pairs[1]):  # a part was added or removed: everything is compared
        return [*failed, *_differences(theirs, ours)]
    told = [
        difference
        for number, (said, expected) in enumerate(zip(*pairs, strict=True))
        if not (1 <= number <= len(untold) and untold[number - 1])
        for difference in _differences(said, expected)
    ]
    return [*failed, *told]


def read_quotes(path: Path) -> list[ExportedQuote]:
    """Return the quotes of an export, or the matches of a query, in the format of the suffix.

    Raises:
        ExportError: the file cannot be read as an export.
    """
    return read_matches(path) if holds_matches(path) else _read(path)[2].quotes


def _read(path: Path) -> tuple[Format, str, Exported]:
    known = format_of(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ExportError(f"{path} cannot be read ({error.strerror})") from error
    try:
        text = known.of_file(content)
        return known, text, known.read(text)
    except ExportError as error:
        raise ExportError(f"{path}: {error}") from error


def _parts(known: Format, lines: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Return the lines before the first part, the lines of each part, and those after the last."""
    parts: list[list[tuple[str, str]]] = [[]]
    for place, line in lines:
        if known.opens.match(f"{place}\t{line}"):
            parts.append([])
        parts[-1].append((place, line))
    return parts


def _differences(
    theirs: Sequence[tuple[str, str]], ours: Sequence[tuple[str, str]]
) -> Iterator[Difference]:
    pairs = zip(theirs, ours, strict=False)
    first = next((at for at, pair in enumerate(pairs) if pair[0][1] != pair[1][1]), None)
    first = min(len(theirs), len(ours)) if first is None else first
    theirs, ours = theirs[first:], ours[first:]
    blocks = [(0, len(theirs), 0, len(ours))]
    if len(theirs) != len(ours) and max(len(theirs), len(ours)) <= _MOST_ALIGNED:
        matcher = SequenceMatcher(None, [each for _, each in theirs], [each for _, each in ours])
        blocks = [block for _, *block in matcher.get_opcodes()]  # type: ignore[misc]
    for start, end, from_, until in blocks:
        for said, expected in zip_longest(theirs[start:end], ours[from_:until]):
            if said is None or expected is None or said[1] != expected[1]:
                place = (said or expected or ("", ""))[0]
                yield Difference(place, said and said[1], expected and expected[1])


def check_quotes(quotes: Iterable[ExportedQuote], lookup: Lookups) -> list[Failure]:
    """Return the quotes that fail the check, each with the reason; `lookup` is as in `verify`."""
    return failures(quotes, finder(lookup))


def failures(quotes: Iterable[ExportedQuote], find: Finder) -> list[Failure]:
    """Return the quotes that fail the check, each with the reason."""
    found = (_check(each, find(*_article_of(each))) for each in quotes)
    return [failure for failure in found if failure]


def _article_of(quote: ExportedQuote) -> tuple[str, str | None]:
    return quote.article_id, quote.archive


def _check(quote: ExportedQuote, article: Article | None) -> Failure | None:
    if article is None:
        return Failure(quote, FailureReason.NO_ARTICLE)
    text, start, end = quoted_field(article, quote.field), quote.start, quote.end
    if 0 <= start < end <= len(text) and text[start:end] == quote.quote:
        inside = _answer_inside(quote)
        return None if inside else Failure(quote, FailureReason.ANSWER_OUTSIDE)
    place = text.find(quote.quote) if quote.quote else -1
    within = 0 <= start < end <= len(text)
    reason = FailureReason.DIFFERS if within else FailureReason.OUTSIDE
    return Failure(quote, reason, place if place >= 0 else None)


def _answer_inside(quote: ExportedQuote) -> bool:
    first, last = quote.answer_start, quote.answer_end
    if first is None and last is None:
        return True
    return first is not None and last is not None and quote.start <= first < last <= quote.end
