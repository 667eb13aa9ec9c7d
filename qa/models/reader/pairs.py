"""Turns a question and a passage into one row of tokens for the network.

A row is `<s> question </s></s> preface </s> passage </s>`. The preface holds the title and the
stated date of the article, which the passage itself does not say. No answer comes from the preface.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.models.packaged_encoder import E5_PROMPTS, light_tokenizer_in, tokenizer_in
from qa.models.part_tokenizer import TokensOfText

MAX_QUESTION_TOKENS = 60
MAX_PREFACE_TOKENS = 36
MAX_PASSAGE_TOKENS = 240  # a longer passage is read in windows
WINDOW_OVERLAP_TOKENS = 64  # answers are rarely longer, so one window holds the whole answer
START, PADDING, END = 0, 1, 2  # ids of XLM-R: <s>, <pad>, </s>


@dataclass(frozen=True, slots=True)
class Pair:
    """One row for the network.

    `ids` are the tokens of the row; the tokens of the passage run from `first` to the last but one.
    `places` has shape (passage tokens, 2): where each token begins and ends in the passage, in
    characters. `passage` is the index of the passage; all windows of one passage share it.
    """

    ids: list[int]
    first: int
    places: NDArray[np.int64]
    passage: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of equal length, as arrays of shape (rows, tokens)."""

    ids: NDArray[np.int64]
    mask: NDArray[np.int64]  # 1 for a token, 0 for padding
    answerable: NDArray[np.bool_]  # places for an answer; the first token means "no answer"


class PairTokenizer:
    """Makes pairs of questions and passages; safe to use from several threads at once."""

    def __init__(self, folder: Path, *, light: bool = False) -> None:
        """Read `tokenizer.json` in the folder of the encoder; `light` is for few texts."""
        self._tokenizer = (light_tokenizer_in if light else tokenizer_in)(folder)

    def pairs(
        self, questions: Sequence[str], prefaces: Sequence[str], passages: Sequence[str]
    ) -> list[Pair]:
        """Return a pair for each question with its passage, or several for a long passage."""
        heads = self._heads(questions, prefaces)
        bodies = self._encode(passages)
        return [
            Pair([*head, *ids, END], len(head), places, number)
            for number, (head, body) in enumerate(zip(heads, bodies, strict=True))
            for ids, places in _windows(body)
        ]

    def _heads(self, questions: Sequence[str], prefaces: Sequence[str]) -> Iterator[list[int]]:
        asked = self._encode([E5_PROMPTS["query"] + question for question in questions])
        said = self._encode(prefaces)
        for question, preface in zip(asked, said, strict=True):
            yield [
                START,
                *question.ids[:MAX_QUESTION_TOKENS],
                *(END, END),
                *preface.ids[:MAX_PREFACE_TOKENS],
                END,
            ]

    def _encode(self, texts: Sequence[str]) -> Sequence[TokensOfText]:
        return self._tokenizer.encode_batch(list(texts), add_special_tokens=False)


def _windows(body: TokensOfText) -> Iterator[tuple[list[int], NDArray[np.int64]]]:
    ids = body.ids
    places = np.array(body.offsets, np.int64).reshape(-1, 2)
    step = MAX_PASSAGE_TOKENS - WINDOW_OVERLAP_TOKENS
    for start in range(0, max(1, len(ids) - WINDOW_OVERLAP_TOKENS), step):
        end = start + MAX_PASSAGE_TOKENS
        yield ids[start:end], places[start:end]


def pad(pairs: Sequence[Pair]) -> Batch:
    """Return one batch of the pairs; shorter rows are padded."""
    shape = len(pairs), max(len(pair.ids) for pair in pairs)
    batch = Batch(
        np.full(shape, PADDING, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.bool_)
    )
    for row, pair in enumerate(pairs):
        size = len(pair.ids)
        batch.ids[row, :size] = pair.ids
        batch.mask[row, :size] = 1
        batch.answerable[row, pair.first : size - 1] = True
        batch.answerable[row, 0] = True
    return batch
