"""`dateline feed`: follows feeds of the web and reads their items into an archive."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from qa.assistant import Assistant
from qa.cli.audit import ingest_teller
from qa.cli.exit_codes import flush_output
from qa.cli.ingest_report import show_report
from qa.cli.options import (
    FAILED,
    EncoderOption,
    JsonOption,
    StoreOption,
    echo,
    echo_json,
    wrong_usage,
)
from qa.cli.service import stopping_softly, tell_now, when_free
from qa.errors import SettingsError
from qa.ingest.feeds.addresses import check_url
from qa.ingest.feeds.client import FetchError, FetchLimits, Reply, fetch
from qa.ingest.feeds.subscriptions import Subscription, Subscriptions
from qa.ingest.formats.feed import FETCHED
from qa.ingest.report import IngestReport
from qa.text.control_characters import visible

feed = typer.Typer(name="feed", no_args_is_help=True, help="Follow feeds of the web.")
UrlsArgument = Annotated[list[str], typer.Argument(help="Addresses of feeds.", show_default=False)]


@feed.command()
def add(
    urls: UrlsArgument,
    *,
    store: StoreOption = None,
    source: Annotated[
        str | None,
        typer.Option(help="The source, if the feed has no title.", show_default=False),
    ] = None,
) -> None:
    """Follow feeds; nothing is fetched yet.

    Exit code: 2 an address cannot be used.
    """
    with wrong_usage():
        checked = [check_url(url) for url in urls]
        if source is not None and not source.strip():
            raise SettingsError("the source is empty; give a name, or leave the option out")
    with Assistant.open(store, create=True) as opened:
        known = Subscriptions(opened.archive.store.path)
        for url in checked:
            is_new = known.add(url, source=source, now=_now())
            typer.echo(f"{'added' if is_new else 'followed already'}: {visible(url)}")


@feed.command(name="list")
def list_feeds(*, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List the feeds that are followed, with the times of the last fetch and the last news."""
    with Assistant.open(store) as opened:
        for each in Subscriptions(opened.archive.store.path).all():
            if as_json:
                echo_json(each.to_dict())
                continue
            state = each.error or f"last news {each.changed or 'never'}"
            echo(visible(f"{each.url}\n  last fetched {each.fetched or 'never'}; {state}"))


@feed.command()
def remove(urls: UrlsArgument, *, store: StoreOption = None) -> None:
    """Follow feeds no longer; their articles stay.

    Exit code: 1 a feed was not followed.
    """
    with Assistant.open(store) as opened:
        known = Subscriptions(opened.archive.store.path)
        missing = [url for url in urls if not known.remove(url)]
    for url in missing:
        typer.echo(f"{visible(url)} was not followed; see: dateline feed list", err=True)
    if missing:
        raise typer.Exit(FAILED)


@feed.command()
def run(
    urls: Annotated[
        list[str] | None,
        typer.Argument(help="Only these of the feeds. Default: all.", show_default=False),
    ] = None,
    *,
    store: StoreOption = None,
    every: Annotated[
        float | None,
        typer.Option(
            min=1, help="Again every so many minutes, until it is stopped.", show_default=False
        ),
    ] = None,
    replace_others: Annotated[
        bool,
        typer.Option("--replace", help="Let items take the place of others with their ids."),
    ] = False,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch the feeds and read what is new in them. Only this command fetches something.

    The article of an item is what the feed says of it; pages behind links are not fetched.

    Exit code: 0 done, or stopped; 1 a feed failed or an item was refused; 2 wrong usage.
    """
    with stopping_softly() as stop, Assistant.open(store, create=True, encoder=encoder) as opened:
        runner = FeedRun(
            opened,
            stop,
            show=_show_json if as_json else _show,
            may_replace=True if replace_others else None,
        )
        with wrong_usage():
            runner.check(urls or ())
        is_well = runner.once(urls or ())
        while every is not None and not stop.wait(every * 60):
            runner.once(urls or ())
        if every is None and not is_well:
            raise typer.Exit(FAILED)


@dataclass(frozen=True, slots=True)
class FeedRun:
    """Fetches the feeds of an archive and reads them, each for itself.

    `show` gets each feed with its report, or with the words that say why there is none.
    """

    assistant: Assistant
    stop: threading.Event
    show: Callable[[str, IngestReport | str], None]
    tell: Callable[[str], None] = tell_now
    may_replace: bool | None = None
    limits: FetchLimits | None = None

    def check(self, urls: list[str] | tuple[str, ...]) -> None:
        """Check that feeds are followed.

        Raises:
            SettingsError: one is not, or none is.
        """
        known = {each.url for each in self._subscriptions().all()}
        for url in urls:
            if check_url(url) not in known:
                raise SettingsError(f"{url} is not followed; add it with: dateline feed add {url}")
        if not known:
            raise SettingsError("no feed is followed; add one with: dateline feed add URL")

    def once(self, urls: list[str] | tuple[str, ...] = ()) -> bool:
        """Fetch and read each feed; return whether nothing failed and nothing was refused."""
        outcomes = [self._read(each) for each in self._wanted(urls)]
        return all(outcomes)

    def _wanted(self, urls: list[str] | tuple[str, ...]) -> Iterator[Subscription]:
        only = {check_url(url) for url in urls}
        for each in self._subscriptions().all():
            if self.stop.is_set():
                return
            if not only or each.url in only:
                yield each

    def _read(self, one: Subscription) -> bool:
        if one.not_before and one.not_before > _now():
            self.show(one.url, f"not fetched: the server wants quiet until {one.not_before}")
            return True
        try:
            reply = fetch(
                one.url, etag=one.etag, last_modified=one.last_modified, limits=self.limits
            )
        except FetchError as error:
            self._note_failure(one, error)
            self.show(one.url, f"not fetched: {error.reason}")
            return False
        if reply.moved_to:
            self.tell(f"{one.url} has moved for good; add {reply.moved_to} in its place")
        done = IngestReport() if reply.content is None else self._ingest(one, reply.content)
        if done is None or self.stop.is_set():  # some of it may be left: it is fetched once more
            reply = replace(reply, etag=one.etag, last_modified=one.last_modified)
        self._note_success(one, reply)
        self.show(one.url, done or "stopped before it was read")
        return done is not None and not done.refused

    def _ingest(self, one: Subscription, content: bytes) -> IngestReport | None:
        host = urlsplit(one.url).hostname or ""
        how: dict[str, Any] = {
            "stream_format": FETCHED.name,
            "prefix": host,
            "source": one.source or host,
            "replace": self.may_replace,
            "today": date.today(),  # noqa: DTZ011
            "should_stop": self.stop.is_set,
            "on_end": ingest_teller(Path(self.assistant.archive.store.path), [one.url]),
        }

        def take() -> IngestReport:
            return self.assistant.ingest(stream=io.BytesIO(content), **how)

        return when_free(take, self.stop, self.tell)

    def _note_success(self, one: Subscription, reply: Reply) -> None:
        now = _now()
        is_new = reply.content is not None

        def change(kept: Subscription) -> Subscription:
            return replace(
                kept,
                etag=reply.etag if is_new else reply.etag or kept.etag,
                last_modified=reply.last_modified
                if is_new
                else reply.last_modified or kept.last_modified,
                fetched=now,
                changed=now if is_new else kept.changed,
                failures=0,
                error=None,
                not_before=None,
            )

        self._subscriptions().update(one.url, change)

    def _note_failure(self, one: Subscription, error: FetchError) -> None:
        quiet = error.retry_after
        until = datetime.now(UTC) + timedelta(seconds=quiet) if quiet else None

        def change(kept: Subscription) -> Subscription:
            return replace(
                kept,
                fetched=_now(),
                failures=kept.failures + 1,
                error=error.reason,
                not_before=until.isoformat(timespec="seconds") if until else None,
            )

        self._subscriptions().update(one.url, change)

    def _subscriptions(self) -> Subscriptions:
        return Subscriptions(Path(self.assistant.archive.store.path))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _show(url: str, done: IngestReport | str) -> None:
    tell_now(f"{url}: {done if isinstance(done, str) else 'read'}")
    if not isinstance(done, str):
        show_report(done)
    flush_output()


def _show_json(url: str, done: IngestReport | str) -> None:
    told = {"error": done} if isinstance(done, str) else done.to_dict()
    echo_json({"url": url, **told})
    flush_output()
