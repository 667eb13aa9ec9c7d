"""Holds back what a newspaper took back, wherever it stands, and quotes a correction whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.question.inquiry import Inquiry
from qa.question.kind import QuestionKind
from qa.text.attribution.correction import asks_what_was_written, taken_back
from qa.text.sentences import Sentence

_SETS_RIGHT = re.compile(
    r"(?:dat|dit|bedoeld|het\s(?:juiste|is|was|waren|gaat|ging)|de\sjuiste"
    r"|that|this|it|the\s(?:correct|right))\b",
    re.IGNORECASE,
)


def answers_wrongly(inquiry: Inquiry, text: str, start: int, end: int) -> bool:
    """Tell whether a phrase that answers is one that its text takes back.

    A sentence that answers is quoted with its correction, and so may.
    """
    if inquiry.shape is QuestionKind.STATEMENT or asks_what_was_written(inquiry.asked):
        return False
    return any(first <= start and end <= last for first, last in taken_back(text))


def with_correction(
    text: str, sentences: Sequence[Sentence], first: int, last: int
) -> tuple[int, int]:
    """Return the numbers of the first and last sentence to quote, for those that hold an answer.

    What is taken back is quoted with the sentence that sets it right, and the other way round:
    "Dat moet 3,8 miljoen euro zijn" alone says nothing.
    """
    for start, _ in taken_back(text):
        said = next((n for n, each in enumerate(sentences) if start < each.end), len(sentences))
        behind = sentences[said + 1 : said + 2]
        is_near = first <= said + 1 and said <= last
        if is_near and behind and _SETS_RIGHT.match(text, behind[0].start):
            return min(first, said), max(last, said + 1)
    return first, last
