"""Cuts few texts into the tokens of the packaged encoder, without loading its whole vocabulary.

The whole one takes a second and 290 MB, for 250,000 pieces; the texts of a question hold some
thousands of them. Only pieces that stand in a word can be among its tokens, and by whatever other
pieces there are, the best way to cut the word is the same. So a tokenizer with those pieces alone
cuts as the whole one does.

Source: Kudo 2018, "Subword Regularization", arXiv:1804.10959, for the model of single pieces.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_LONGEST_PIECE = 16  # characters
_MOST_CHARACTERS = 100_000  # of all texts; then the whole vocabulary is worth its time
_SPECIAL = 4  # pieces that open the vocabulary: start, padding, end, unknown
_START_OF_WORD = "▁"
# Characters that no piece holds stand for the escapes of JSON.
_BACKSLASH, _QUOTE = b"\x01", b"\x00"


class TokensOfText(Protocol):
    """The tokens of one text, without those that are special if that was asked for.

    `offsets` are the places of the tokens in the text, in characters.
    """

    @property
    def ids(self) -> list[int]:
        """The numbers of the tokens."""

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """Where each begins and ends."""


class TextTokenizer(Protocol):
    """The part of the interface of a `Tokenizer` that encoder and reader use."""

    def encode_batch(
        self, texts: list[str], *, add_special_tokens: bool = True
    ) -> Sequence[TokensOfText]:
        """Return the tokens of each text."""


@dataclass(frozen=True, slots=True)
class _Tokens:
    ids: list[int]
    offsets: list[tuple[int, int]]


class PartTokenizer:
    """A tokenizer that knows the pieces of the texts so far; safe to use from several threads.

    After many texts it is exchanged for the whole one.
    """

    def __init__(self, path: Path, *, whole: Callable[[], TextTokenizer]) -> None:
        """Read a `tokenizer.json` with a Unigram model that `tokenizers` wrote.

        Raises:
            OSError, ValueError: there is no such file.
        """
        self._load_whole = whole
        self._settings, pieces, scores = _read(path)
        self._numbers = dict(zip(pieces, range(len(pieces)), strict=True))
        self._pieces, self._scores = pieces, scores
        # What is unknown costs as the rarest piece of all does, and a little more.
        rarest = int(scores.argmin())
        specials = (each["content"].encode() for each in self._settings["added_tokens"])
        known = [*range(_SPECIAL), rarest, *(self._numbers[each] for each in specials)]
        self._known = list(dict.fromkeys(known))  # numbers of pieces, in the order of `_part`
        self._part = self._built()
        self._words: set[str] = set()
        self._characters = 0
        self._whole: TextTokenizer | None = None
        self._changing = threading.Lock()

    def encode_batch(
        self, texts: list[str], *, add_special_tokens: bool = True
    ) -> Sequence[TokensOfText]:
        """Return the tokens of each text."""
        with self._changing:
            part, known = self._knowing(texts)
        found = part.encode_batch(texts, add_special_tokens=add_special_tokens)
        if known is None:
            return found
        return [_Tokens([known[each] for each in one.ids], one.offsets) for one in found]

    def _knowing(self, texts: Sequence[str]) -> tuple[TextTokenizer, list[int] | None]:
        """Return a tokenizer for the texts, and the number of each of its pieces in the whole."""
        self._characters += sum(map(len, texts))
        if self._whole is None and self._characters > _MOST_CHARACTERS:
            self._whole = self._load_whole()
        if self._whole is not None:
            return self._whole, None
        written = (self._part.normalizer.normalize_str(text) for text in texts)
        words = {word for text in written for word in text.split()} - self._words
        if words:
            self._words |= words
            found = {self._numbers.get(piece.encode()) for piece in _substrings(words)}
            new = found.difference(self._known) - {None}
            if new:
                self._known = [*self._known, *sorted(number for number in new if number)]
                self._part = self._built()
        return self._part, self._known

    def _built(self) -> Tokenizer:
        from tokenizers import Tokenizer

        pieces = [_plain(self._pieces[number]) for number in self._known]
        vocabulary = [
            [piece, float(self._scores[number])]
            for piece, number in zip(pieces, self._known, strict=True)
        ]
        places = {piece: place for place, piece in enumerate(pieces)}
        added = [{**each, "id": places[each["content"]]} for each in self._settings["added_tokens"]]
        model = {**self._settings["model"], "vocab": vocabulary}
        written = json.dumps({**self._settings, "added_tokens": added, "model": model})
        tokenizer: Tokenizer = Tokenizer.from_str(written)
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer


def _read(path: Path) -> tuple[dict[str, Any], list[bytes], NDArray[np.float64]]:
    """Return the settings without vocabulary, the pieces (escaped), and their scores."""
    raw = path.read_bytes()
    start = raw.index(b'"vocab":[[') + len(b'"vocab":[[')
    end = raw.rindex(b"]]")  # a piece may hold two brackets, too
    # To read 250,000 lists as JSON takes three times as long.
    parts = raw[start:end].replace(rb"\\", _BACKSLASH).replace(rb"\"", _QUOTE).split(b'"')
    settings: dict[str, Any] = json.loads(raw[: start - 1] + raw[end + 1 :])
    scores = b"".join(parts[2::2]).replace(b"],[", b"").decode()[1:]
    return settings, parts[1::2], np.fromstring(scores, sep=",")


def _plain(piece: bytes) -> str:
    return piece.replace(_BACKSLASH, b"\\").replace(_QUOTE, b'"').decode()


def _substrings(words: Iterable[str]) -> Iterator[str]:
    """Yield what may be a piece of words, with the escapes of the vocabulary.

    >>> sorted(set(_substrings(["ja"])))
    ['a', 'j', 'ja', '▁', '▁j', '▁ja']
    """
    for word in words:
        begun = _START_OF_WORD + word.replace("\\", _BACKSLASH.decode()).replace(
            '"', _QUOTE.decode()
        )
        for start in range(len(begun)):
            for end in range(start + 1, min(start + _LONGEST_PIECE, len(begun)) + 1):
                yield begun[start:end]
