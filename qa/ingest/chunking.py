"""Cut articles into chunks: exact slices at sentence boundaries, within a token budget."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from index_store.analysis.line_breaks import join_broken_words
from index_store.records import Article, Chunk
from qa.dates.wording import stated_words
from qa.errors import SettingsError
from qa.text.sentences import Sentence, split_sentences
from qa.text.tokens import count_tokens

_VERSION = 1  # of the rules below; another number means other chunks
_CLAUSE_ENDS = (re.compile(r"[;:–—]\s+|,\s+|\)\s+"), re.compile(r"\s+"))
_CHARACTERS_PER_TOKEN = 8  # more than any real text has; bounds what is given to the tokenizer
_LONGEST_TITLE = 200  # characters of it given to the encoder


@dataclass(frozen=True, slots=True)
class ChunkingSettings:
    """The settings that decide how articles are cut.

    `max_tokens` counts cl100k_base tokens. `overlap_sentences` is the number of sentences that a
    chunk repeats from the chunk before it.

    Raises:
        SettingsError: a number is out of range.
    """

    max_tokens: int = 160
    overlap_sentences: int = 1

    def __post_init__(self) -> None:
        if not 16 <= self.max_tokens <= 2048:
            raise SettingsError(f"max_tokens is {self.max_tokens}; it must lie in 16–2048")
        if not 0 <= self.overlap_sentences <= 5:
            raise SettingsError(
                f"overlap_sentences is {self.overlap_sentences}; it must lie in 0–5"
            )

    @classmethod
    def parse(cls, described: str) -> Self:
        """Return the settings that a store was made with."""
        settings = json.loads(described)
        return cls(settings["max_tokens"], settings["overlap_sentences"])

    def describe(self) -> str:
        """Return the settings as they are recorded in a store."""
        return json.dumps(
            {
                "version": _VERSION,
                "max_tokens": self.max_tokens,
                "overlap_sentences": self.overlap_sentences,
            }
        )


def encoder_input(article: Article, chunk: Chunk) -> str:
    """Return the text for the encoder: title and stated date of the article, then the chunk.

    A chunk is stored without this context. A heading as further context did not help. Words that
    are broken at the end of a line are joined, as the index of words has them.
    """
    context = [article.title[:_LONGEST_TITLE]] if article.title else []
    context += stated_words(article.stated, language=article.language)
    return "\n".join([*context, join_broken_words(chunk.text)])


def cut_article(
    article: Article,
    settings: ChunkingSettings,
    *,
    encoder_tokens: Callable[[Sequence[str]], list[int]],
    encoder_limit: int,
) -> tuple[Chunk, ...]:
    """Cut an article into chunks, in order; together they hold all its text that is not blank.

    `encoder_tokens` counts the tokens that the encoder would see; no chunk exceeds its limit.
    """
    budget = min(settings.max_tokens, encoder_limit * 3 // 4)
    chunks = list(_cut(article, replace(settings, max_tokens=max(16, budget))))
    while True:
        counts = encoder_tokens([encoder_input(article, chunk) for chunk in chunks])
        if all(
            count <= encoder_limit or len(chunk.text) == 1
            for chunk, count in zip(chunks, counts, strict=True)
        ):
            return tuple(chunks)
        chunks = [
            part
            for chunk, count in zip(chunks, counts, strict=True)
            for part in (_halves(chunk) if count > encoder_limit else (chunk,))
        ]


def _cut(article: Article, settings: ChunkingSettings) -> Iterator[Chunk]:
    """Pack sentences into chunks greedily; a heading begins a new one."""
    text = article.text
    held: list[tuple[Sentence, int]] = []  # sentences of the chunk being filled, with tokens
    fresh = 0  # how many of them are not repeated from the chunk before
    section: str | None = None

    def chunk() -> Chunk:
        start, end = held[0][0].start, held[-1][0].end
        return Chunk(article.id, start, end, text[start:end], section)

    for sentence in _pieces(text, split_sentences(text, language=article.language), settings):
        tokens = count_tokens(text[sentence.start : sentence.end])
        begins_section = sentence.heading is not None and fresh > 0
        only_headings = all(item.heading is not None for item, _ in held)
        if begins_section and not only_headings:
            yield chunk()
            held, fresh = [], 0
        elif fresh and sum(count for _, count in held) + tokens > settings.max_tokens:
            yield chunk()
            held, fresh = _overlap(held, tokens, settings), 0
        if sentence.heading is not None:
            section = sentence.heading
        held.append((sentence, tokens))
        fresh += 1
    if fresh:
        yield chunk()


def _overlap(
    held: list[tuple[Sentence, int]], tokens: int, settings: ChunkingSettings
) -> list[tuple[Sentence, int]]:
    """Return the last sentences to repeat, if they leave most of the budget free."""
    kept: list[tuple[Sentence, int]] = []
    for sentence, count in reversed(held):
        tokens += count
        is_long = count > settings.max_tokens // 3 or tokens > settings.max_tokens
        if len(kept) == settings.overlap_sentences or is_long or sentence.heading:
            break
        kept.insert(0, (sentence, count))
    return kept


def _pieces(
    text: str, sentences: Sequence[Sentence], settings: ChunkingSettings
) -> Iterator[Sentence]:
    """Yield sentences; split a sentence that exceeds the budget at its clauses."""
    for sentence in sentences:
        start = sentence.start
        while (end := _fitting_end(text, start, sentence.end, settings)) < sentence.end:
            yield replace(sentence, start=start, end=start + len(text[start:end].rstrip()))
            start = end
        yield replace(sentence, start=start)


def _fitting_end(text: str, start: int, end: int, settings: ChunkingSettings) -> int:
    """Return the end of the longest piece from `start` that fits, preferring clause ends."""
    limit = min(end, start + settings.max_tokens * _CHARACTERS_PER_TOKEN)
    if limit == end and count_tokens(text[start:end]) <= settings.max_tokens:
        return end
    while count_tokens(text[start:limit]) > settings.max_tokens:
        limit = start + (limit - start) * 3 // 4
    return _last_break(text, start, limit)


def _last_break(text: str, start: int, limit: int) -> int:
    """Return the last clause end in the second half of a span, else the last blank, or its end."""
    middle = start + (limit - start) // 2
    for pattern in _CLAUSE_ENDS:
        ends = [found.end() for found in pattern.finditer(text, middle, limit)]
        if ends and ends[-1] > start and text[start : ends[-1]].strip():
            return ends[-1]
    return limit


def _halves(chunk: Chunk) -> tuple[Chunk, ...]:
    """Split a chunk near its middle, at the end of a clause if there is one."""
    text = chunk.text
    if len(text) == 1:
        return (chunk,)
    middle = _last_break(text, 0, len(text) * 2 // 3 or 1)
    left = text[:middle].rstrip()
    right = text[middle:].lstrip()
    parts = ((chunk.start, left), (chunk.end - len(right), right))
    return tuple(
        Chunk(chunk.article_id, start, start + len(part), part, chunk.section)
        for start, part in parts
        if part
    )
