"""Rebuilds an answer from the archive and the particulars that the archive cannot know.

The particulars of an answer are the question, its statements about its quotes, and the places of
the quotes. The formats for people carry the particulars as JSON in a hidden line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from index_store.analysis.language import detect_language
from index_store.records import UNKNOWN_DATE, Article
from qa.answer.also_in import exact_copies, holds
from qa.answer.composer import dates_in
from qa.answer.records import FIELDS, TEXT, AlsoIn, Answer, Citation, quoted_field
from qa.answer.value_records import AnswerValue
from qa.exports.asked_within import bounds_to_dict, read_bounds, with_bounds
from qa.exports.pointing import check_generation, with_pointed
from qa.exports.records import Exported, ExportedAnswer, ExportedQuote, ExportError, of_kind
from qa.exports.remarks import (
    KeptQuotes,
    Remark,
    read_remark,
    remark_on,
    since_kept,
    with_remarks,
)
from qa.text.control_characters import visible

Lookup = Callable[[str], Article | None]
Lookups = Lookup | Mapping[str, Lookup]
"""How articles are found by their ids: in one archive, or in several by their names."""
Finder = Callable[[str, str | None], Article | None]
NAME = "dateline-export"
VERSION = 2
_CARRIED = ("question", "answer", "abstained", "values")
_OF_QUOTES = ("article_id", "start", "end", "answer_start", "answer_end", "number", "agrees")
_LINE_END = re.compile(r"\r\n|\n|\r")


def finder(lookup: Lookups) -> Finder:
    """Return what finds the article with an id, in the archive of a name.

    One archive holds all, whatever it is called. Of several, the first that has the id counts where
    no archive is named, or one that is not there.
    """
    if not isinstance(lookup, Mapping):
        return lambda article_id, _: lookup(article_id)

    def find(article_id: str, archive: str | None) -> Article | None:
        named = [lookup[archive]] if archive and archive in lookup else lookup.values()
        return next(filter(None, (one(article_id) for one in named)), None)

    return find


def particulars(answers: Sequence[Answer], language: str) -> str:
    """Return the particulars as JSON in ASCII, on one line."""
    carried = []
    for answer in answers:
        whole = answer.to_dict()
        kept = {name: whole[name] for name in _CARRIED}
        kept["text"] = answer.text if answer.abstained else ""
        cited = [_particular(each) for each in whole["citations"]]
        if isinstance(answer, KeptQuotes):
            remarks = [remark_on(answer, each).to_dict() for each in answer.citations]
            cited = [each | remark for each, remark in zip(cited, remarks, strict=True)]
        carried.append(kept | {"citations": cited} | _copies(answer) | bounds_to_dict(answer))
    told = {"version": VERSION, "language": language, "answers": carried}
    return json.dumps(told, separators=(",", ":"))


def _particular(cited: Mapping[str, Any]) -> dict[str, Any]:
    """Return the place of a quote, without what old exports lacked: no archive, and "text"."""
    told = {name: cited[name] for name in _OF_QUOTES}
    told |= {"archive": cited["archive"]} if "archive" in cited else {}
    return told if cited["field"] == TEXT else told | {"field": cited["field"]}


def with_exact_copies(answer: Answer) -> Answer:
    """Return an answer in which exact copies of cited articles stand beside their near copies.

    An exact copy is the cited article, under the name of its other source.
    """
    places: list[AlsoIn] = []
    for citation in answer.citations:
        number, same = citation.number, exact_copies(answer, citation)
        places += (AlsoIn(number, article, citation.archive) for article in same)
        places += (each for each in answer.also_in if each.citation == number)
    return replace(answer, also_in=tuple(places))


def _copies(answer: Answer) -> dict[str, Any]:
    """Return the places of copies; nothing if there are none, as in old exports."""
    own = {each.number: (each.article.id, each.archive) for each in answer.citations}
    found = []
    for each in answer.also_in:
        told = {"citation": each.citation, "article_id": each.article.id}
        told |= {"archive": each.archive} if each.archive else {}
        is_exact = own.get(each.citation) == (each.article.id, each.archive)
        found.append(told | {"source": each.article.source} if is_exact else told)
    return {"also_in": found} if found else {}


def read_json(text: str) -> Any:
    """Return JSON values.

    Raises:
        ValueError: the text is no JSON, or an object has a key twice.
    """

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"{twice!r} stands twice in one object")
        return dict(pairs)

    return json.loads(text, object_pairs_hook=unique)


def with_shown(particular: str, quotes: Sequence[str]) -> Exported:
    """Return an export from its particulars and the quotes that it shows.

    Raises:
        ExportError: the particulars describe no export, or the quotes do not fit them.
    """
    exported = read_answers(lambda: read_json(particular), iter(quotes))
    if len(exported.quotes) != len(quotes):
        raise ExportError(f"{len(quotes)} quotes stand in it, of {len(exported.quotes)}")
    return exported


def read_answers(load: Callable[[], Any], quotes: Iterable[str] | None = None) -> Exported:
    """Return the export that JSON values describe; `quotes`, if any, are the texts of its quotes.

    Raises:
        ExportError: the values describe no export, or an export of another version.
    """
    shown = None if quotes is None else iter(quotes)
    try:
        whole = load()
        if whole["version"] != VERSION:
            raise ExportError(f"this is no export of version {VERSION}; ask and export it anew")
        answers = [_answer(given, shown) for given in whole["answers"]]
        return Exported(of_kind(whole["language"], str), tuple(answers))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else error
        raise ExportError(f"this is no export of Dateline, or damaged ({what})") from error


def rebuild(exported: ExportedAnswer, find: Finder) -> Answer:
    """Rebuild an answer: its quotes are as given, and the facts beside them are the archive's.

    If an article is gone, the short answer is as given, and the facts of that article are unknown.
    """
    found = [find(each.article_id, each.archive) for each in exported.quotes]
    given = exported.given
    told = given.get("citations", [{}] * len(exported.quotes))  # RIS says nothing of a model
    claimed = [bool(each.get("pointed")) for each in told]
    cited = tuple(map(_cited, exported.quotes, found))
    citations = with_pointed(cited, claimed, given.get("generation"), find)
    short = given.get("answer")
    answer = Answer(
        question=given.get("question", ""),
        answer=short if None in found else _short(short, citations),
        text=given.get("text", ""),
        abstained=given.get("abstained", False),
        reason=given.get("reason"),
        confidence=given.get("confidence", 0.0),
        citations=citations,
        passages=(),
        date_range=None,
        seconds=0.0,
        fingerprint=given.get("fingerprint", ""),
        values=tuple(map(_value, given.get("values", ()))),
        language=detect_language(given.get("question", "")),
        also_in=tuple(_also_in(given.get("also_in") or (), citations, find)),
    )
    remarks = map(_remark, told, exported.quotes, found)
    bounded = with_bounds(answer, given.get("bounds"))
    return with_remarks(bounded, tuple(filter(None, remarks)))


def _remark(
    told: Mapping[str, Any], quote: ExportedQuote, article: Article | None
) -> Remark | None:
    """Return a remark as given, but for what it says of an article that holds the quote."""
    remark = read_remark(told, quote)
    stands = since_kept(quote, article) is None
    return replace(remark, since=None) if remark and stands else remark


def _also_in(
    given: Sequence[Mapping[str, Any]], citations: Sequence[Citation], find: Finder
) -> Iterator[AlsoIn]:
    """Yield the copies that the archive still has and that still hold their quotes."""
    cited = {each.number: each for each in citations}
    for each in given:
        archive, citation = each.get("archive"), cited.get(each["citation"])
        article = find(each["article_id"], archive)
        own = (citation.article.id, citation.archive) if citation else None
        if article and (article.id, archive) == own:
            article = _under(article, each.get("source"))
        if article and citation and holds(article, citation):
            yield AlsoIn(citation.number, article, archive)


def _under(article: Article, source: str | None) -> Article | None:
    """Return an article under the name of another of its sources, as written or as shown."""
    for name in article.other_sources:
        if source in (name, visible(name)):
            return replace(article, source=name, other_sources=())
    return None


def text_lines(text: str) -> list[tuple[str, str]]:
    """Return the lines of a text, each with its place; every kind of line end counts."""
    return [(f"line {number}", line) for number, line in enumerate(_LINE_END.split(text), start=1)]


def _answer(given: Mapping[str, Any], shown: Any) -> ExportedAnswer:
    kinds = {"question": str, "abstained": bool, "values": list, "citations": list}
    for name, kind in kinds.items():
        of_kind(given[name], kind)
    for name in ("answer", "text", "reason"):
        if given.get(name) is not None:
            of_kind(given[name], str)
    tuple(map(_value, given["values"]))
    check_generation(given.get("generation"))
    read_bounds(given.get("bounds"))
    for copy in given.get("also_in") or ():
        of_kind(copy["citation"], int)
        of_kind(copy["article_id"], str)
        for name in ("source", "archive"):
            of_kind(copy.get(name, ""), str)
    quotes = tuple(_quote(cited, shown) for cited in given["citations"])
    return ExportedAnswer(dict(given), quotes)


def _quote(cited: Mapping[str, Any], shown: Any) -> ExportedQuote:
    quote = cited["quote"] if shown is None else next(shown, None)
    if quote is None:
        raise ExportError("a part of the file is missing: it has fewer quotes than it had")
    kinds = {"article_id": str, "start": int, "end": int, "number": int, "agrees": bool}
    told = {name: of_kind(cited[name], kind) for name, kind in kinds.items()}
    for name in ("answer_start", "answer_end"):
        told[name] = None if cited[name] is None else of_kind(cited[name], int)
    told["field"] = cited.get("field", TEXT)
    told["archive"] = of_kind(cited["archive"], str) if "archive" in cited else None
    if told["field"] not in FIELDS:
        raise ExportError(f"no quote is of the field {told['field']!r}")
    known = ExportedQuote(of_kind(quote, str), **told)
    read_remark(cited, known)
    return known


def _value(given: Mapping[str, Any]) -> AnswerValue:
    told = {name: of_kind(given[name], bool) for name in ("inferred", "newest", "agrees")}
    for name in ("first", "last"):
        told[name] = given[name] and date.fromisoformat(given[name])
    numbers = tuple(of_kind(number, int) for number in given["citations"])
    return AnswerValue(of_kind(given["value"], str), citations=numbers, **told)


def _cited(quote: ExportedQuote, article: Article | None) -> Citation:
    found = article or Article(quote.article_id, None, "", UNKNOWN_DATE, "")
    span = quote.answer_start, quote.answer_end
    dates = dates_in(found, quote.quote, quote.start)
    told = quote.number, quote.quote, quote.start, quote.end
    cited = Citation(*told, found, *span, quote.agrees, dates, quote.field)
    return replace(cited, archive=quote.archive)


def _short(given: str | None, citations: Sequence[Citation]) -> str | None:
    """Return the short answer: the answering words in the first quote.

    If the answer is a list, its other items are kept if they stand in a quote.
    """
    if given is None or not citations or citations[0].answer_start is None:
        return None
    first = citations[0]
    whole = quoted_field(first.article, first.field)
    words = " ".join(whole[first.answer_start : first.answer_end].split())
    quoted = [" ".join(each.quote.split()) for each in citations]
    listed = given.removeprefix(f"{words}, ").split(", ") if given != words else []
    return ", ".join([words, *(each for each in listed if any(each in said for said in quoted))])
