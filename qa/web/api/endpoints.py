"""The functions that programs call, through Gradio, plain HTTP or MCP.

The values come over the network, so every value is checked. Clients see these docstrings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from qa.answer.asking import Asking, OnPassages
from qa.answer.streaming import answer_events
from qa.dates.serialization import article_to_dict
from qa.errors import DatelineError, SettingsError
from qa.question.selection import parse_selection
from qa.web.access.gate import IsDisconnected, never_disconnected
from qa.web.access.roles import Identity, asker
from qa.web.api.parameters import asks_model, given_context, given_limit, given_text
from qa.web.archives import Archives
from qa.web.failures import log_failure

Names = str | list[str] | None


class UnexpectedError(DatelineError):
    """A bug in Dateline; the log already has its traceback."""

    def __init__(self, name: str) -> None:
        """Take the id that the error has in the log."""
        super().__init__(f"something went wrong; the log has it as {name}")


def endpoints(
    archives: Archives,
    *,
    watch: Callable[[], IsDisconnected] = lambda: never_disconnected,
    identity: Callable[[], Identity | None] = asker.get,
) -> tuple[Callable[..., Any], ...]:
    """Return the functions over the archives: `ask`, `ask_stream`, `search` and `article`.

    They raise a `DatelineError` with a message for the caller; any other error is a bug. `watch`
    runs in the thread of a call, and returns a function that tells in any thread whether the caller
    has disconnected. `identity` says there who calls: of several archives, only those are chosen in
    which that somebody has a role.
    """

    def seen() -> Archives:
        return archives.seen_by(identity())

    def ask(
        question: str,
        since: str | None = None,
        until: str | None = None,
        limit: int = 8,
        as_of: str | None = None,
        include_undated: bool = False,
        history: list[Any] | None = None,
        today: str | None = None,
        sources: Names = None,
        authors: Names = None,
        sections: Names = None,
        languages: Names = None,
        include_inferred: bool = True,
        use_generator: bool | None = None,
        archive: Names = None,
    ) -> dict[str, Any]:
        """Answer a question with verbatim quotes from the archive, or say that there is no answer.

        Args:
            question: The question, in Dutch or English.
            since: Only articles published on or after this day, month or year.
            until: Only articles published on or before this day, month or year.
            limit: The number of passages to return with the answer.
            as_of: Only articles that had appeared by this day, month or year.
            include_undated: Let articles of unknown date take part in a period as well.
            history: The earlier questions, oldest first; each alone or paired with its answer.
            today: The day from which "last month" in the question counts; default: the current day.
            sources: Only articles of this source, or of any of a list of them.
            authors: Only articles by this author, or by any of a list of them.
            sections: Only articles of this newspaper section, or of any of a list of them.
            languages: Only articles in this language, such as "nl", or in any of a list of them.
            include_inferred: Let articles whose date was inferred take part in a period.
            use_generator: Also ask the language model that the server was started with, which
                may point at further sentences; default: only if it runs on the server's machine.
            archive: The name of the archive, or a list of names to ask several as one set; needed
                only if the server has several.
        """
        selection = parse_selection(locals())  # each part has the name of its parameter
        asked = given_text("the question", question)
        how = given_context(limit, history, today)
        served = seen().choose_some(archive)
        how["use_generator"] = asks_model(use_generator, served.generator)
        asking = served.work(lambda assistant: assistant.begin(asked, **how, **selection), watch())
        return asking.complete().to_dict()

    def ask_stream(
        question: str,
        since: str | None = None,
        until: str | None = None,
        limit: int = 8,
        as_of: str | None = None,
        include_undated: bool = False,
        history: list[Any] | None = None,
        today: str | None = None,
        sources: Names = None,
        authors: Names = None,
        sections: Names = None,
        languages: Names = None,
        include_inferred: bool = True,
        use_generator: bool | None = None,
        archive: Names = None,
    ) -> Iterator[dict[str, Any]]:
        """Answer a question as `ask` does, and send events with the progress.

        The events: `retrieved` with the `passages` found, `partial` with the short answer as
        `text` and the `citations` so far, and `final` with the whole `answer`. If a language model
        is asked as well, the whole answer without it comes first, as `extractive`; then `partial`
        with `by` "model" for each quote that the model adds.

        Args:
            question: The question, in Dutch or English.
            since: Only articles published on or after this day, month or year.
            until: Only articles published on or before this day, month or year.
            limit: The number of passages to return with the answer.
            as_of: Only articles that had appeared by this day, month or year.
            include_undated: Let articles of unknown date take part in a period as well.
            history: The earlier questions, oldest first; each alone or paired with its answer.
            today: The day from which "last month" in the question counts; default: the current day.
            sources: Only articles of this source, or of any of a list of them.
            authors: Only articles by this author, or by any of a list of them.
            sections: Only articles of this newspaper section, or of any of a list of them.
            languages: Only articles in this language, such as "nl", or in any of a list of them.
            include_inferred: Let articles whose date was inferred take part in a period.
            use_generator: Also ask the language model that the server was started with, which
                may point at further sentences; default: only if it runs on the server's machine.
            archive: The name of the archive, or a list of names to ask several as one set; needed
                only if the server has several.
        """
        selection = parse_selection(locals())  # each part has the name of its parameter
        asked = given_text("the question", question)
        how = given_context(limit, history, today)
        served = seen().choose_some(archive)
        how["use_generator"] = asks_model(use_generator, served.generator)

        has_left = watch()

        def begin(on_passages: OnPassages) -> Asking:
            return served.work(
                lambda assistant: assistant.begin(
                    asked, on_passages=on_passages, **how, **selection
                ),
                has_left,
            )

        # The place is held while the reader answers, not while an event is being sent or a
        # language model is waited for.
        yield from (event.to_dict() for event in answer_events(begin))

    def search(
        question: str,
        since: str | None = None,
        until: str | None = None,
        limit: int = 10,
        as_of: str | None = None,
        include_undated: bool = False,
        sources: Names = None,
        authors: Names = None,
        sections: Names = None,
        languages: Names = None,
        include_inferred: bool = True,
        archive: Names = None,
    ) -> dict[str, Any]:
        """Find the passages nearest to a question, without answering it.

        Args:
            question: The question or words to look for, in Dutch or English.
            since: Only articles published on or after this day, month or year.
            until: Only articles published on or before this day, month or year.
            limit: The number of passages to return.
            as_of: Only articles that had appeared by this day, month or year.
            include_undated: Let articles of unknown date take part in a period as well.
            sources: Only articles of this source, or of any of a list of them.
            authors: Only articles by this author, or by any of a list of them.
            sections: Only articles of this newspaper section, or of any of a list of them.
            languages: Only articles in this language, such as "nl", or in any of a list of them.
            include_inferred: Let articles whose date was inferred take part in a period.
            archive: The name of the archive, or a list of names to ask several as one set; needed
                only if the server has several.
        """
        selection = parse_selection(locals())  # each part has the name of its parameter
        asked = given_text("the question", question)
        most = given_limit(limit)
        found = (
            seen()
            .choose_some(archive)
            .work(lambda assistant: assistant.search(asked, limit=most, **selection), watch())
        )
        return {"passages": [passage.to_dict() for passage in found]}

    def article(article_id: str, archive: str | None = None) -> dict[str, Any]:
        """Return one whole article, with its text exactly as it is stored.

        Args:
            article_id: The id of the article, as in the citations of an answer.
            archive: The name of the archive; needed only if the server has several.
        """
        name = given_text("the id of an article", article_id)
        found = seen().choose(archive).find_article(name)
        if found is None:
            raise SettingsError(f"there is no article {name[:200]!r} in this archive")
        return article_to_dict(found)

    return ask, ask_stream, search, article


def with_user_errors(function: Callable[..., Any], *values: Any, **named: Any) -> Any:
    """Call an endpoint; turn every error into one with a message for the caller.

    Raises:
        DatelineError: always this.
    """
    try:
        return function(*values, **named)
    except DatelineError:
        raise
    except Exception as error:
        raise UnexpectedError(log_failure("answering a call")) from error


def stream_with_user_errors(events: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the events of a stream; turn every error into one with a message for the caller.

    Raises:
        DatelineError: always this.
    """
    try:
        yield from events
    except DatelineError:
        raise
    except Exception as error:
        raise UnexpectedError(log_failure("answering a call")) from error
