"""What the shell says of passages."""

from __future__ import annotations

import pytest

from index_store.records import UNKNOWN_DATE, Article, Chunk
from qa.cli.answer_text import passages_text
from qa.retrieval.passage import Passage


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nl", ("deelt woorden met de vraag", "zonder er woorden mee te delen")),
        ("en", ("shares words with the question", "without sharing words with it")),
    ],
)
def test_people_are_told_in_words_what_a_passage_shares(
    language: str, told: tuple[str, str]
) -> None:
    article = Article("veer", "Het veer", "Het veer vaart.", UNKNOWN_DATE, "Bode")
    chunk = Chunk("veer", 0, 15, article.text)
    found = [
        Passage(chunk, article, 2.125, 0.75, lexical, rank)
        for rank, lexical in enumerate((3.5, 0.0), start=1)
    ]
    shown = passages_text(found, language).split("\n\n")
    for block, words in zip(shown, told, strict=True):
        assert words in block
        assert not any(number in block for number in ("2.125", "0.75", "3.5"))
