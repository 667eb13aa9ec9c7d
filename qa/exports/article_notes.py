"""Writes and reads what formats of references hold of an article as notes: its quotes, verbatim.

A reference has no field for the place of a quote, so each quote, each remark on one and each copy
is a note of one line, and the last note says that Dateline wrote the record. Of quotes and remarks
of several lines, the others follow as notes of their own that begin with "[… ".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index_store.records import Article
from qa.answer.records import TEXT, AlsoIn, Answer, Citation
from qa.exports.labels import copy_told, in_archive, label
from qa.exports.reconstruction import NAME, VERSION
from qa.exports.records import (
    Exported,
    ExportedAnswer,
    ExportedQuote,
    ExportError,
    NothingCitedError,
)
from qa.exports.remarks import CHANGED, GONE, UNSERVED, Remark, remark_on
from qa.text.control_characters import TURNING, visible

_QUOTED = re.compile(r"\[(?:(title) )?(\d+)-(\d+)\] (.*)", re.DOTALL)
_COPIED = re.compile(
    r"\[(?:ook|also) in (?:(title) )?(\d+)-(\d+)(?:, (?:archief|archive) ([^\]]+))?\] ([^ ]+) (.*)",
    re.DOTALL,
)
_REMARKED = re.compile(
    r"\[(notitie|note|gewijzigd|changed|weg|gone|onbereikbaar|unserved) "
    r"(?:(title) )?(\d+)-(\d+)\] (.*)",
    re.DOTALL,
)
_MARK = re.compile(rf"{NAME} {VERSION} (nl|en) (\d+)/(\d+)")
# A value is one line: line ends, control characters and outer spaces become escapes (\\u000a).
_ESCAPED = re.compile(rf"[\\\x00-\x1f\x7f-\x9f\u2028\u2029{TURNING}]|^\s|\s$")
_WRITTEN = re.compile(r"\\(?:(\\)|u([0-9a-f]{4}))")
_LINE_END = "\\u000a"
_ENDING = re.compile(r"(\\\\|\\u000a)")
_FURTHER = re.compile(r"\[… ([^\]]*)\](?: (.*))?", re.DOTALL)

_BRACKET = "\\u005d"
_ALSO_IN = {"nl": "ook in", "en": "also in"}
_NOTE = {"nl": "notitie", "en": "note"}
_BECAME = {
    "nl": {CHANGED: "gewijzigd", GONE: "weg", UNSERVED: "onbereikbaar"},
    "en": {CHANGED: CHANGED, GONE: GONE, UNSERVED: UNSERVED},
}
_STATES = {word: since for told in _BECAME.values() for since, word in told.items()}


ArticleKey = tuple[str, str | None]
"""The id of an article, and the name of its archive, if that has one."""


@dataclass(frozen=True, slots=True)
class CitedArticle:
    """An article with the quotes of it, in order: each with its copies and what is noted on it."""

    article: Article
    cited: tuple[tuple[Citation, Sequence[AlsoIn], Remark], ...]

    @property
    def archive(self) -> str | None:
        """The name of the archive, if it has one."""
        return self.cited[0][0].archive

    @property
    def quotes(self) -> tuple[str, ...]:
        """The quotes, each of a place once."""
        return tuple(quote for _, quote in self._places())

    def notes(self, language: str, place: str) -> Iterator[str]:
        """Yield the notes; `place` is the number of the record among the records ("1/3")."""
        for where, quote in self._places():
            yield f"[{where}] {one_line(quote)}"
        for each, _, remark in self.cited:
            yield from _remarked(_place(each), remark, language)
        yield from dict.fromkeys(
            f"[{_ALSO_IN[language]} {_place(each)}{_copy(copy, each, language)}"
            for each, copies, _ in self.cited
            for copy in copies
        )
        yield f"{NAME} {VERSION} {language} {place}"

    def _places(self) -> dict[tuple[str, str], None]:
        return dict.fromkeys((_place(each), each.quote) for each, _, _ in self.cited)


def cited_articles(answers: Sequence[Answer]) -> list[CitedArticle]:
    """Return the articles that answers cite, in the order of their first citation.

    Raises:
        NothingCitedError: no article is cited.
    """
    found: dict[ArticleKey, list[tuple[Citation, Sequence[AlsoIn], Remark]]] = {}
    for answer in answers:
        for citation in answer.citations:
            copied = citation, answer.places_of(citation), remark_on(answer, citation)
            found.setdefault((citation.article.id, citation.archive), []).append(copied)
    if not found:
        raise NothingCitedError(
            "a file of references holds citations, of which there are none here; use another format"
        )
    return [CitedArticle(each[0][0].article, tuple(each)) for each in found.values()]


def in_lines(note: str) -> Iterator[str]:
    r"""Yield a note as several, one for each line of its quote or remark; `joined` joins them.

    >>> list(in_lines("[note 0-4] Eén\\u000a\\u000aTwee"))
    ['[note 0-4] Eén', '[… note 0-4]', '[… note 0-4] Twee']
    """
    place, _, text = note.partition("] ")
    first, *others = _lines(text)
    if not others or not (_QUOTED.fullmatch(note) or _REMARKED.fullmatch(note)):
        yield note
        return
    yield f"{place}] {first}"
    for line in others:
        yield f"[… {place[1:]}] {line}" if line else f"[… {place[1:]}]"


def _lines(text: str) -> list[str]:
    """Return the lines of a text that `one_line` wrote; the first one is never empty."""
    lines = [""]
    for piece in _ENDING.split(text):
        if piece == _LINE_END:
            lines.append("")
        else:
            lines[-1] += piece
    while len(lines) > 1 and not lines[0]:
        lines[:2] = [_LINE_END + lines[1]]
    return lines


def joined(notes: Iterable[str]) -> list[str]:
    r"""Return notes as they were before `in_lines`; earlier exports have them so already.

    >>> joined(["[note 0-4] Eén", "[… note 0-4]", "[… note 0-4] Twee"])
    ['[note 0-4] Eén\\u000a\\u000aTwee']
    """
    found: list[str] = []
    for note in notes:
        further = _FURTHER.fullmatch(note)
        if further and found and found[-1].startswith(f"[{further[1]}] "):
            found[-1] += _LINE_END + (further[2] or "")
        else:
            found.append(note)
    return found


def read_notes(records: Sequence[tuple[ArticleKey, Sequence[str]]]) -> Exported:
    """Return the export that records hold: which article each is of, and its notes.

    Raises:
        ExportError: a record is missing or was added, or quotes no article, or no record is ours.
    """
    records = [(article, joined(notes)) for article, notes in records]
    marks = [found for _, notes in records for each in notes if (found := _MARK.fullmatch(each))]
    if not marks:
        raise ExportError("this is no export of Dateline, or nothing is cited in it")
    language, _, total = marks[0].groups()
    if len(marks) != int(total):
        raise ExportError(f"{len(marks)} records are in it, of {total}: it was cut or added to")
    lines = [(article, note) for article, notes in records for note in notes]
    quotes: list[ExportedQuote] = []
    copies: list[dict[str, Any]] = []
    for article, note in lines:
        article_id, archive = article
        if found := _QUOTED.fullmatch(note):
            field, start, end, quote = found.groups()
            place = article_id, int(start), int(end)
            number = len(quotes) + 1  # a record has no numbers; copies need them
            told = ExportedQuote(whole(quote), *place, number=number, field=field or TEXT)
            quotes.append(replace(told, archive=archive))
        elif found := _COPIED.fullmatch(note):
            field, start, end, *copy = found.groups()
            at = article, field or TEXT, int(start), int(end)
            copies.append({"citation": _number(quotes, at)} | _copied(article, *copy))
    if len({(quote.article_id, quote.archive) for quote in quotes}) != int(total):
        raise ExportError("a record quotes no article, or two quote the same one")
    given = {"also_in": copies, "citations": _remarks(lines, quotes)}
    return Exported(language, (ExportedAnswer(given, tuple(quotes)),))


def _remarks(
    lines: Sequence[tuple[ArticleKey, str]], quotes: Sequence[ExportedQuote]
) -> list[dict[str, Any]]:
    """Return what is noted on each quote, if it was kept; nothing for the others."""
    remarks: dict[int, dict[str, Any]] = {}
    for article, note in lines:
        if found := _REMARKED.fullmatch(note):
            kind, field, start, end, told = found.groups()
            number = _number(quotes, (article, field or TEXT, int(start), int(end)))
            remark = remarks.setdefault(number, {"note": "", "since": None})
            remark |= {"since": _STATES[kind]} if kind in _STATES else {"note": whole(told)}
    return [remarks.get(each.number, {}) for each in quotes]


def _number(quotes: Sequence[ExportedQuote], place: tuple[ArticleKey, str, int, int]) -> int:
    """Return the number of the quote at a place, or 0 for no quote."""
    known = (((each.article_id, each.archive), each.field, each.start, each.end) for each in quotes)
    return next((number for number, each in enumerate(known, start=1) if each == place), 0)


def _remarked(place: str, remark: Remark, language: str) -> Iterator[str]:
    if remark.note:
        yield f"[{_NOTE[language]} {place}] {one_line(visible(remark.note))}"
    if remark.since:
        became = _BECAME[language][remark.since]
        yield f"[{became} {place}] {label(remark.since, language)}"


def _copy(copy: AlsoIn, citation: Citation, language: str) -> str:
    """Return the id of a copy as one word, then its source, and the date of a near copy.

    Before them stands the end of the note's mark, with the archive that holds a near copy. An exact
    copy is of the archive of the record.
    """
    is_exact, article = copy.is_exact(citation), copy.article
    named = copy.archive if copy.archive and not is_exact else None
    mark = f", {in_archive(one_line(named), language).replace(']', _BRACKET)}]" if named else "]"
    name = one_line(article.id).replace(" ", "\\u0020")
    told = article.source if is_exact else copy_told(article, language)
    return f"{mark} {name} {one_line(visible(told))}"


def _copied(key: ArticleKey, archive: str | None, copy: str, told: str) -> dict[str, Any]:
    """Return the place that the note of a copy tells, in the record of an article."""
    copied, (own_id, own_archive) = {"article_id": whole(copy)}, key
    if archive:
        return copied | {"archive": whole(archive)}
    if copied["article_id"] != own_id:
        return copied
    return copied | ({"archive": own_archive} if own_archive else {}) | {"source": whole(told)}


def _place(citation: Citation) -> str:
    place = f"{citation.start}-{citation.end}"
    return place if citation.field == TEXT else f"{citation.field} {place}"


def one_line(text: str) -> str:
    r"""Return a text as one line; `whole` turns the line back into the text.

    >>> one_line("Eén\nER  - \\ "), whole(one_line("Eén\nER  - \\ "))
    ('Eén\\u000aER  - \\\\\\u0020', 'Eén\nER  - \\ ')
    """
    return _ESCAPED.sub(
        lambda match: "\\\\" if match[0] == "\\" else f"\\u{ord(match[0]):04x}", text
    )


def whole(value: str) -> str:
    """Return the text that `one_line` wrote as one line."""
    return _WRITTEN.sub(lambda match: "\\" if match[1] else chr(int(match[2], 16)), value)
