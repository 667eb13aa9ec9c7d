"""What programs may call, by the names they call it; the same for every way of calling.

The values come over the network: `ServedArchive` takes nothing about them on trust. The
docstrings are what clients are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from qa.answer import article_to_dict
from qa.errors import DatelineError
from qa.page.served import ServedArchive, log_failure


class UnexpectedError(DatelineError):
    """A mistake of ours, already in the log with its traceback."""

    def __init__(self, name: str) -> None:
        """Give the id that it has in the log."""
        super().__init__(f"something went wrong; the log has it as {name}")


def endpoints(archive: ServedArchive) -> tuple[Callable[..., Any], ...]:
    """Return the functions over one archive: `ask`, `ask_stream`, `search` and `article`.

    What they raise is a `DatelineError` with words for the caller, or a bug.
    """

    def ask(
        question: str, since: str | None = None, until: str | None = None, limit: int = 8
    ) -> dict[str, Any]:
        """Answer a question with verbatim quotes out of the archive, or say there is none.

        Args:
            question: The question, in Dutch or English.
            since: Only articles published on or after this day, month or year.
            until: Only articles published on or before this day, month or year.
            limit: How many passages come with the answer.
        """
        return archive.ask(question, since=since, until=until, limit=limit).to_dict()

    def ask_stream(
        question: str, since: str | None = None, until: str | None = None, limit: int = 8
    ) -> Iterator[dict[str, Any]]:
        """Answer a question as `ask` does, telling meanwhile how far it is.

        The events: `retrieved` with the `passages` found, `partial` with `text` and `citations`
        so far, and `final` with the whole `answer`.

        Args:
            question: The question, in Dutch or English.
            since: Only articles published on or after this day, month or year.
            until: Only articles published on or before this day, month or year.
            limit: How many passages come with the answer.
        """
        yield from archive.ask_stream(question, since=since, until=until, limit=limit)

    def search(
        question: str, since: str | None = None, until: str | None = None, limit: int = 10
    ) -> dict[str, Any]:
        """Find the passages nearest to a question, without answering it.

        Args:
            question: The question or words to look for, in Dutch or English.
            since: Only articles published on or after this day, month or year.
            until: Only articles published on or before this day, month or year.
            limit: How many passages to give.
        """
        found = archive.search(question, since=since, until=until, limit=limit)
        return {"passages": [passage.to_dict() for passage in found]}

    def article(article_id: str) -> dict[str, Any]:
        """Return one whole article, with its text exactly as it is stored.

        Args:
            article_id: The id of the article, as in the citations of an answer.
        """
        return article_to_dict(archive.article(article_id))

    return ask, ask_stream, search, article


def told(function: Callable[..., Any], *values: Any, **named: Any) -> Any:
    """Call an endpoint; whatever it raises has words for the caller.

    Raises:
        DatelineError: always this.
    """
    try:
        return function(*values, **named)
    except DatelineError:
        raise
    except Exception as error:
        raise UnexpectedError(log_failure("answering a call")) from error


def told_stream(events: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the events of a stream; whatever is raised has words for the caller.

    Raises:
        DatelineError: always this.
    """
    try:
        yield from events
    except DatelineError:
        raise
    except Exception as error:
        raise UnexpectedError(log_failure("answering a call")) from error
