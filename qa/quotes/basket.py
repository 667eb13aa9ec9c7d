"""The quotes that somebody keeps, each with a note and in the order of their choice.

They are those of the page: both keep them in the history of the archive.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from index_store.records import Article
from qa.answer.records import FIELDS, TEXT, TITLE, Citation, quoted_field
from qa.dates.wording import display_date
from qa.errors import DatelineError
from qa.exports.formats import save
from qa.exports.records import ExportedQuote
from qa.exports.remarks import since_kept
from qa.history.basket import LONGEST_NOTE, LONGEST_QUOTE, MOST_QUOTES, BasketQuote
from qa.history.history import FILE_NAME, History
from qa.quotes.checks import QuoteCheck, check_kept
from qa.quotes.noted import (
    ArticleLookup,
    NotedQuote,
    as_kept,
    basket_answer,
    each_once,
    new_quote,
    noted,
)
from qa.retrieval.match import Match
from qa.retrieval.match_sentences import sentences_around
from qa.retrieval.notebook import article_heading, in_notebook, quote_block
from qa.retrieval.passage import Passage
from qa.text.elements import outside_element
from qa.text.phrases import display_title

if TYPE_CHECKING:
    from qa.assistant import Assistant


class NotKeptError(DatelineError):
    """A quote or a note cannot be kept, or there is no quote of that number; says why."""


class KeptQuotes(Protocol):
    """Where quotes are kept, each for its owner, as `qa.history.basket.Basket` does."""

    def quotes(self, owner: str) -> tuple[BasketQuote, ...]:
        """Return the quotes of an owner, in their order."""

    def add(self, owner: str, quote: BasketQuote) -> BasketQuote | None:
        """Keep a quote; return it as it is kept, or was already; `None` if there is no room."""

    def annotate(self, owner: str, quote: str, note: str) -> bool:
        """Replace the note of a quote, by its id; return whether there is that quote."""

    def move(self, owner: str, quote: str, position: int) -> bool:
        """Put a quote at a position, counted from 1; return whether there is that quote."""

    def delete(self, owner: str, quote: str) -> bool:
        """Delete a quote; return whether there was that quote."""


class QuoteHolder(Protocol):
    """What holds quotes beside other things, and is closed in the end, as a `History` does."""

    @property
    def basket(self) -> KeptQuotes:
        """The quotes."""

    def close(self) -> None:
        """Close what holds them."""


class QuoteBasket:
    """The quotes that one person keeps of an archive; iterate them, and close the basket.

    `owner` is a user of the page who logs in; where nobody does, it is "". Every method raises
    `HistoryError` where the file of the history cannot be used.
    """

    def __init__(
        self, history: QuoteHolder, find_article: ArticleLookup, *, owner: str = ""
    ) -> None:
        """Keep quotes in a history that is open; `QuoteBasket.open` is the usual way."""
        self._history = history
        self._basket = history.basket
        self._articles = {"": find_article}  # of other archives, none can be asked here
        self._owner = owner

    @classmethod
    def open(cls, assistant: Assistant, *, owner: str = "") -> Self:
        """Open the quotes that are kept of the archive of an assistant.

        Raises:
            HistoryError: the file of the history is damaged, or its folder can only be read.
        """
        history = History.on_disk(Path(assistant.archive.store.path) / FILE_NAME)
        return cls(history, assistant.article, owner=owner)

    def __enter__(self) -> Self:
        """Return the basket itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._history.close()

    def __len__(self) -> int:
        """Return how many quotes are kept."""
        return len(self._kept())

    def __iter__(self) -> Iterator[NotedQuote]:
        """Yield the quotes in their order."""
        articles = each_once(self._articles)
        for number, kept in enumerate(self._kept(), start=1):
            yield noted(kept, articles, number)

    def __repr__(self) -> str:
        """Return in one line how many quotes are kept, and for whom."""
        return f"{type(self).__name__}(quotes={len(self)}, owner={self._owner!r})"

    def _repr_html_(self) -> str:
        """Return the quotes as a notebook shows them, with their notes."""
        return in_notebook(line for each in self for line in _shown(each))

    def keep(self, found: Citation | Passage | Match, note: str | None = None) -> NotedQuote:
        """Keep a citation, a passage, or of a match the sentence or headline in which it stands.

        Of a quote that is kept already, that one is returned, with its own note, and `was_kept`.

        Raises:
            NotKeptError: it does not stand in an article of the archive, it or the note is too
                long, or the basket is full.
        """
        note = note or ""
        if isinstance(found, Match):
            place = found.article_id, found.start, found.end, found.match
            return self.keep_found(*place, field=found.field, note=note, whole=True)
        if isinstance(found, Citation):
            place = found.article.id, found.start, found.end, found.quote
            return self.keep_found(*place, field=found.field, note=note)
        chunk = found.chunk
        return self.keep_found(found.article.id, chunk.start, chunk.end, chunk.text, note=note)

    def keep_found(
        self,
        article_id: str,
        start: int,
        end: int,
        words: str,
        *,
        field: str = TEXT,
        note: str = "",
        whole: bool = False,
    ) -> NotedQuote:
        """Keep words that were found at a place; with `whole`, the sentence or headline there.

        Raises:
            NotKeptError: other words stand there; and as for `keep`.
        """
        article = self._article(article_id)
        place = ExportedQuote(words, article_id, start, end, field=field)
        if field not in FIELDS or not words or since_kept(place, article) is not None:
            told = (
                f"these words do not stand in {article_id!r} at {start} to {end}: nothing is kept"
            )
            raise NotKeptError(told)
        if whole:
            start, end = sentences_around(article, field, start, end)
        return self.keep_at(article_id, start, end, field=field, note=note)

    def keep_words(self, article_id: str, words: str, note: str = "") -> NotedQuote:
        """Keep words of the text of an article, or else of its title, where they stand once.

        Raises:
            NotKeptError: they stand nowhere there, or several times; and as for `keep`.
        """
        article = self._article(article_id)
        for field in (TEXT, TITLE):
            text = quoted_field(article, field)
            count = text.count(words) if words else 0
            if count > 1:
                told = f"these words stand {count} times in {article_id!r}; give more of them"
                raise NotKeptError(told)
            if count:
                start = text.index(words)
                return self.keep_at(article_id, start, start + len(words), field=field, note=note)
        raise NotKeptError(f"these words do not stand in {article_id!r}; copy them to the letter")

    def keep_at(
        self, article_id: str, start: int, end: int, *, field: str = TEXT, note: str = ""
    ) -> NotedQuote:
        """Keep the words that stand at a place of an article.

        Raises:
            NotKeptError: as for `keep`.
        """
        article = self._article(article_id)
        if field not in FIELDS or not 0 <= start < end <= len(quoted_field(article, field)):
            told = f"{article_id!r} has no place {start} to {end} in its {field!r}"
            raise NotKeptError(told)
        if end - start > LONGEST_QUOTE:
            raise NotKeptError(f"a quote has at most {LONGEST_QUOTE:,} characters; keep less")
        check_note(note)
        words = quoted_field(article, field)[start:end]
        place = ExportedQuote(words, article_id, start, end, field=field)
        before = self._ids()
        kept = self._basket.add(self._owner, new_quote(place, article, note))
        if kept is None:
            told = f"{MOST_QUOTES} quotes are kept, and no more are taken: remove some first"
            raise NotKeptError(told)
        was_kept = kept.id in before
        number = before.index(kept.id) if was_kept else len(before)
        known = {"": lambda _: article}
        return replace(noted(kept, known, number + 1), was_kept=was_kept)

    def note(self, number: int, note: str) -> None:
        """Replace the note on the quote with this number.

        Raises:
            NotKeptError: there is no such quote, or the note is too long.
        """
        check_note(note)
        self._basket.annotate(self._owner, self._id(number), note)

    def move(self, number: int, to: int) -> None:
        """Put a quote at another number; beyond the last one, it becomes the last.

        Raises:
            NotKeptError: there is no such quote.
        """
        self._basket.move(self._owner, self._id(number), to)

    def remove(self, *numbers: int) -> None:
        """Remove quotes; the numbers are those before any of them is gone.

        Raises:
            NotKeptError: there is no quote of one of these numbers; then all stay.
        """
        for name in [self._id(each) for each in numbers]:
            self._basket.delete(self._owner, name)

    def save(self, path: Path | str, *, language: str | None = None) -> int:
        """Write the quotes with their notes to a file of `qa.exports`; return how many they are.

        `language` is that of the labels, "nl" or "en"; unless told, that of the first article.

        Raises:
            ExportError: no format has this suffix, or the file cannot be written.
            NotKeptError: no quote is kept.
        """
        kept = self._kept()
        if not kept:
            raise NotKeptError("no quote is kept yet, so there is nothing to write")
        articles = each_once(self._articles)
        spoken = language or as_kept(kept[0]).language or "nl"
        save(Path(path), [basket_answer(kept, articles, spoken)], language=spoken)
        return len(kept)

    def verify(self) -> list[QuoteCheck]:
        """Return what became of the words of each quote, in order, as the page tells it.

        All are as they were kept if each `state` is "verbatim"; others are "moved" within their
        article, "changed", "gone" with their article, or "unserved", of another
        archive than this.
        """
        return list(check_kept(self._kept(), each_once(self._articles)))

    def check_numbers(self, *numbers: int) -> None:
        """Refuse numbers of which there is no quote.

        Raises:
            NotKeptError: there is none of one of them.
        """
        for each in numbers:
            self._id(each)

    def _kept(self) -> tuple[BasketQuote, ...]:
        return self._basket.quotes(self._owner)

    def _ids(self) -> list[str]:
        return [each.id for each in self._kept()]

    def _id(self, number: int) -> str:
        names = self._ids()
        if not 1 <= number <= len(names):
            raise NotKeptError(f"there is no quote {number}; {len(names)} are kept")
        return names[number - 1]

    def _article(self, article_id: str) -> Article:
        article = self._articles[""](article_id)
        if article is None:
            raise NotKeptError(f"the archive has no article {article_id!r}")
        return article


def check_note(note: str) -> None:
    """Refuse a note that is too long.

    Raises:
        NotKeptError: it is.
    """
    if len(note) > LONGEST_NOTE:
        raise NotKeptError(f"a note has at most {LONGEST_NOTE:,} characters; shorten it")


def _shown(each: NotedQuote) -> Iterator[str]:
    article = each.article
    told = (article.source, display_date(article, article.language or ""))
    yield article_heading(f"{each.number}.", display_title(article), told, article.url)
    yield quote_block(each.quote, language=article.language)
    if each.note:
        yield outside_element("p", each.note, style="white-space:pre-line")
