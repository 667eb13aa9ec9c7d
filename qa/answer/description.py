"""Finds the words by which a text introduces a person or a thing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from qa.answer.apposition import find_descriptions
from qa.answer.composer import Composition, cite, headline, quote_lines
from qa.answer.speakers import is_by
from qa.answer.suggestions.candidates import SuggestedQuestion, find_candidates
from qa.retrieval.passage import Passage
from qa.text.sentences import Sentence, split_sentences

_Described: TypeAlias = tuple[Sentence, tuple[int, int]]  # with the place of the words

_QUOTES = 3
_LONGEST = 120  # characters of a description
_OPENING = re.compile(
    r"(?:\b(?:de|het|een|the|a|an|zijn|haar|hun|his|her|their)\s)?"
    r"(?:(?:[\w'’-]*(?:e|se|aans|former|voormalig|oud|vice|ex)\s|[A-ZÀ-Þ][\w'’-]*\s)){0,3}$",
    re.IGNORECASE,
)
_ARTICLE_INSIDE = re.compile(r"[A-ZÀ-Þ][\w'’-]*\s(?=(?:de|het|een|the|a|an)\s)")
# Words before a role that do not describe anybody: reporting verbs and conjunctions.
_NO_DESCRIPTION = re.compile(
    r"(?:meld\w*|stel(?:t|de|den)|zei(?:den)?|zeg(?:t|gen)|aldus|volgens|noem\w*|vind(?:t|en)"
    r"|vond(?:en)?|denk(?:t|en)|dacht(?:en)?|schrij(?:ft|ven)|schre(?:ef|ven)|verkla\w*|vertel\w*"
    r"|la(?:at|ten)|liet(?:en)?|reageer\w*|nadat|omdat|toen|terwijl|als|wie|dat|waarop|ook|maar"
    r"|says?|said|told|tells|wrote|after|because|when|while|who|that|which|according to)\s",
    re.IGNORECASE,
)
_ENDING = re.compile(r"[,.;:()\n“”„\"]|\s(?:die|dat|who|which|that|zegt|zei|says|said)\b")
_INTRODUCES = {"who", "stands_for"}


def describe(
    name: str, passages: Sequence[Passage], language: str, confidence: float
) -> Composition | None:
    """Return the description that a text gives of a name, quoted; `None` if no text gives one.

    The words stand right beside this very name, so they never describe another person or thing.
    """
    found = _found(_introductions, name, passages) or _found(_appositions, name, passages)
    if not found:
        return None
    citations = tuple(
        cite(number, passage, sentence.start, sentence.end, answer=words)
        for number, (passage, sentence, words) in enumerate(found[:_QUOTES], start=1)
    )
    first, (start, end) = found[0][0], found[0][2]
    short = " ".join(first.article.text[start:end].split())
    lines = [headline(short, citations[:1]), *quote_lines(citations, language)]
    return Composition("\n".join(lines), None, confidence, citations, answer=short)


def _found(
    find: Callable[[str, Passage], Iterator[_Described]], name: str, passages: Sequence[Passage]
) -> list[tuple[Passage, Sentence, tuple[int, int]]]:
    """Return what passages say of a name, each sentence of an article once."""
    found: dict[tuple[str, int], tuple[Passage, Sentence, tuple[int, int]]] = {}
    for passage in passages:
        for sentence, words in find(name, passage):
            found.setdefault((passage.article.id, sentence.start), (passage, sentence, words))
    return list(found.values())


def _appositions(name: str, passage: Passage) -> Iterator[_Described]:
    article = passage.article
    places = list(find_descriptions(article.text, name))
    sentences = split_sentences(article.text, language=article.language) if places else []
    starts = [sentence.start for sentence in sentences]
    for start, end in places:
        at = bisect_right(starts, start) - 1
        if at >= 0 and sentences[at].heading is None and end <= sentences[at].end:
            yield sentences[at], (start, end)


def _introductions(name: str, passage: Passage) -> Iterator[_Described]:
    article = passage.article
    written = article.language or "nl"
    for each in find_candidates(article.text, written=written, asked="nl"):
        if each.kind in _INTRODUCES and _is_about(each, name):
            for sentence in split_sentences(article.text, language=article.language):
                if sentence.start <= each.start < sentence.end:
                    yield sentence, _description(article.text, sentence, each)


def _is_about(introduced: SuggestedQuestion, name: str) -> bool:
    return introduced.name.casefold() == name.casefold() or is_by(introduced.name, name)


def _description(text: str, sentence: Sentence, introduced: SuggestedQuestion) -> tuple[int, int]:
    """Return the place of the whole phrase: "De Amerikaanse vicepresident", "directeur van …"."""
    start, end = introduced.start, introduced.end
    if introduced.kind == "stands_for":
        bracket = text.find(" (", end, sentence.end)
        return start, bracket if bracket > 0 else end
    before = _OPENING.search(text[sentence.start : start])
    if before and text[start - 1 : start] == " ":
        start = sentence.start + before.start()
    if article := _ARTICLE_INSIDE.match(text, start, end):  # "Zelenski de Amerikaanse president"
        start = article.end()
    while leading := _NO_DESCRIPTION.match(text, start, end):  # "meldt wethouder"
        start = leading.end()
    if (
        not text[end:].lstrip().startswith(introduced.name.split()[0])
    ):  # after a comma: "Hans Kristensen, directeur van een instituut"
        closing = _ENDING.search(text, end, sentence.end)
        end = min(closing.start() if closing else sentence.end, start + _LONGEST)
        end = start + len(text[start:end].rstrip())
    return start, end
