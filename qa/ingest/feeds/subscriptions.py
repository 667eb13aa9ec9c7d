"""Keeps which feeds an archive follows, and when each was fetched, in a file of its folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from index_store.kept_file import held_file, write_durably
from qa.errors import SettingsError
from qa.ingest.feeds.addresses import check_url

FILE_NAME = "feeds.json"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed that is followed; times are UTC (ISO 8601), `None` if it has not happened.

    `etag` and `last_modified` are what the server said with the last content. `fetched` is the
    last answer of any kind, `changed` the last new content, `error` why the last fetch failed.
    Before `not_before` the server wants quiet.
    """

    url: str
    source: str | None = None
    added: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    fetched: str | None = None
    changed: str | None = None
    failures: int = 0
    error: str | None = None
    not_before: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON values."""
        return asdict(self)


class Subscriptions:
    """The feeds of one archive, in `feeds.json`; several processes may change it."""

    def __init__(self, store: Path) -> None:
        """Take the folder of the archive; nothing is read yet."""
        self.path = store / FILE_NAME

    def all(self) -> list[Subscription]:
        """Return the feeds in the order in which they were added.

        Raises:
            SettingsError: the file is damaged.
        """
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            return [_parsed(each) for each in kept["feeds"]]
        except FileNotFoundError:
            return []
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SettingsError(
                f"{self.path} is damaged ({error}); mend it, or remove it and add the feeds again"
            ) from error

    def add(self, url: str, *, source: str | None, now: str) -> bool:
        """Follow a feed; return whether it is new. A source that is given replaces the old one.

        Raises:
            SettingsError: the address cannot be that of a feed.
        """
        url = check_url(url)
        with self._changing() as feeds:
            known = next((place for place, each in enumerate(feeds) if each.url == url), None)
            if known is None:
                feeds.append(Subscription(url, source, now))
            elif source:
                feeds[known] = replace(feeds[known], source=source)
        return known is None

    def remove(self, url: str) -> bool:
        """Follow a feed no longer; return whether it was followed."""
        wanted = url.strip()
        with self._changing() as feeds:
            left = [each for each in feeds if each.url != wanted]
            is_found = len(left) < len(feeds)
            feeds[:] = left
        return is_found

    def update(self, url: str, change: Callable[[Subscription], Subscription]) -> None:
        """Change what is kept of a feed, if it is still followed."""
        with self._changing() as feeds:
            feeds[:] = [change(each) if each.url == url else each for each in feeds]

    @contextmanager
    def _changing(self) -> Iterator[list[Subscription]]:
        """Yield the feeds, to be changed, and write them at the end of the block."""
        try:
            with held_file(self.path):
                feeds = self.all()
                yield feeds
                write_durably(self.path, _content(feeds))
        except TimeoutError:
            raise SettingsError(f"{self.path} is in use; try again in a moment") from None


def _content(feeds: Sequence[Subscription]) -> bytes:
    kept = {"version": 1, "feeds": [each.to_dict() for each in feeds]}
    return json.dumps(kept, ensure_ascii=False, indent=1).encode()


def _parsed(kept: dict[str, Any]) -> Subscription:
    known = {each.name for each in fields(Subscription)}
    found = Subscription(**{name: value for name, value in kept.items() if name in known})
    check_url(found.url)
    return found
