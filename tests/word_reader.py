"""A `Reader` without a model: the answer is what follows the last word that the question shares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256

from qa.models.reader.reader import Span, Text

WORD = re.compile(r"\w+")


class WordReader:
    """Scores the words of a text by how many words of the question stand around them.

    A text that shares no word of four letters or more with the question holds no answer.
    """

    weights_hash = sha256(b"word-reader").hexdigest()

    def read(self, question: str, texts: Sequence[Text], *, most: int = 1) -> list[Span]:
        asked = {word[:5].lower() for word in WORD.findall(question) if len(word) > 3}
        found = [
            span
            for number, text in enumerate(texts)
            for span in self._spans(asked, number, text.text)[:most]
        ]
        return sorted(found, key=lambda span: (-span.score, span.passage, span.start))

    def _spans(self, asked: set[str], passage: int, text: str) -> list[Span]:
        words = list(WORD.finditer(text))
        known = [word.group()[:5].lower() in asked for word in words]
        shared = sum(known)
        spans = []
        for number, word in enumerate(words):
            if not known[number]:
                near = sum(known[max(0, number - 8) : number + 9])
                score = near * 10.0 - 6.0 + 2.0 * word.group()[0].isdigit()
                answerable = 0.95 if shared else 0.05
                spans.append(
                    Span(passage, word.start(), word.end(), word.group(), score, answerable)
                )
        return sorted(spans, key=lambda span: (-span.score, span.start))
