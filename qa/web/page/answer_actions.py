"""Actions on an answer: export it to a file, and record the reader's opinion.

The server keeps an answer in its conversation without the texts of the articles, to save memory. An
export needs only the opening words of a text, in place of a missing title.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from index_store.records import Article, Chunk
from qa.answer.records import Answer, Citation
from qa.evaluation.feedback import Verdict, add, judge
from qa.exports import SUFFIXES, NothingCitedError, export_bytes
from qa.exports.kept_articles import without_text
from qa.retrieval.passage import Passage
from qa.web.page.calls import Called, mapping, safely
from qa.web.page.conversations import Turn, checked_name
from qa.web.page.words import FRAME
from qa.web.served import ServedArchive

FindArticle = Callable[[str, str | None], Article | None]

_NEAR = 3
_DOING = "keeping an answer"


def without_texts(answer: Answer) -> Answer:
    """Return an answer with its quotes and their places, but without the texts of articles."""
    cited = [
        replace(citation, article=without_text(citation.article)) for citation in answer.citations
    ]
    near = [
        replace(each, article=replace(each.article, text=""), chunk=replace(each.chunk, text=""))
        for each in answer.passages[:_NEAR]
    ]
    return replace(answer, citations=tuple(cited), passages=tuple(near))


def with_quotes(answer: Answer, shown: int) -> Answer:
    """Return an answer that `without_texts` made, with only its first `shown` quotes.

    If quotes are left out, the short answer is the answering words of the first quote.
    """
    quoted, short = answer.citations[:shown], answer.answer
    if short is not None and len(quoted) < len(answer.citations):
        short = _answering(quoted[0]) if quoted else None
    return replace(answer, answer=short, citations=quoted, passages=())


def _answering(citation: Citation) -> str | None:
    """Return the words of a quote that answer the question."""
    place = citation.answer_place
    return " ".join(citation.quote[slice(*place)].split()) if place else None


def keeping_functions(
    archive: ServedArchive, language: str, *, find_article: FindArticle | None = None
) -> list[Called]:
    """Return the functions of this module that the scripts call by name.

    `find_article` finds articles of several archives.
    """

    def export_answers(asked: Any) -> dict[str, Any]:
        return safely(_DOING, language, lambda: _export(archive, language, asked, find_article))

    def rate_answer(asked: Any) -> dict[str, Any]:
        return safely(_DOING, language, lambda: _rate(archive, language, asked))

    return [export_answers, rate_answer]


def turns_of(archive: ServedArchive, asked: object) -> list[Turn]:
    """Return the answered turns that a browser asks for: one turn of a conversation, or all."""
    given = mapping(asked)
    turns = archive.conversations.turns(checked_name(given.get("conversation")))
    wanted = given.get("turn")
    return [turn for turn in turns if turn.get("full") and wanted in (None, turn["id"])]


def _export(
    archive: ServedArchive, language: str, asked: Any, find_article: FindArticle | None
) -> dict[str, Any]:
    """Return the name of an exported file, and its bytes as Base64."""
    turns = turns_of(archive, asked)
    if not turns:
        return {"error": FRAME[language]["gone"]}
    suffix = asked.get("suffix")
    if suffix not in SUFFIXES:
        return {"error": f"there is no such format; known formats are {', '.join(SUFFIXES)}"}
    today = date.today()  # noqa: DTZ011 - no more than a name
    try:
        answers = [
            _with_nearest(answer, turn["answer"], find_article or archive.find_article)
            for answer, turn in zip(shown_answers(turns), turns, strict=True)
        ]
        content = export_bytes(answers, suffix, language=language)
    except NothingCitedError:
        return {"error": FRAME[language]["nothing_cited"]}
    packed = base64.b64encode(content).decode()
    return {"name": f"dateline-{today.isoformat()}{suffix}", "base64": packed}


def shown_answers(turns: Sequence[Turn]) -> list[Answer]:
    """Return the answers as far as the reader saw them: an answer may have been stopped."""
    return [with_quotes(turn["full"], len(turn["answer"]["quotes"])) for turn in turns]


def _with_nearest(answer: Answer, shown: Mapping[str, Any], find_article: FindArticle) -> Answer:
    """Return an abstention with the passages that were shown and still stand in their articles."""
    found: list[Passage] = []
    for near in shown.get("near", ()) if answer.abstained else ():
        article = find_article(near["article"], near.get("archive"))
        place = Chunk(near["article"], near["start"], near["end"], near["text"])
        if article and article.text[place.start : place.end] == place.text:
            rank, archive = len(found) + 1, near.get("archive")
            found.append(Passage(place, article, 0.0, 0.0, 0.0, rank, archive))
    return replace(answer, passages=tuple(found))


def _rate(archive: ServedArchive, language: str, asked: Any) -> dict[str, Any]:
    """Record the reader's opinion of an answer, or of the quote with the number `citation`."""
    turns = turns_of(archive, asked)
    if len(turns) != 1 or turns[0]["run"] != asked.get("run"):
        return {"error": FRAME[language]["gone"]}
    turn, citation, reason = turns[0], asked.get("citation"), asked.get("reason")
    if turn["asked"].also:  # opinions are kept with one archive, and count there
        return {"error": FRAME[language]["rate_alone"]}
    selection = turn["asked"].selection
    verdict = Verdict(asked.get("verdict"))
    judgement = judge(
        shown_answers(turns)[0],
        name=f"{turn['id']}-{turn['run']}",
        verdict=verdict,
        at=datetime.now(UTC),
        citation=citation if type(citation) is int else None,
        reason=reason if isinstance(reason, str) else "",
        since=selection.get("since"),
        until=selection.get("until"),
    )
    add(archive.feedback_file, judgement)

    def said(kept: Turn) -> Turn:
        return {**kept, "verdicts": {**kept.get("verdicts", {}), str(citation or 0): verdict.value}}

    archive.conversations.amend(checked_name(asked.get("conversation")), turn, said)
    return {"verdict": verdict.value}
