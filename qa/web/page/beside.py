"""The archive of a page, and those beside it that a question of the page may ask as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index_store.records import Article
from qa.web.access.roles import Identity, asker
from qa.web.archives import Archives
from qa.web.page.answer_context import Asked
from qa.web.page.conversations import Turn
from qa.web.page.render import note
from qa.web.served import ServedArchive


class Beside:
    """What a page may ask: its own archive, and of the others those that its reader may read.

    Whoever has no role in an archive is told the same as of one that does not exist.
    """

    def __init__(
        self,
        archive: ServedArchive,
        archives: Archives | None = None,
        *,
        identity: Callable[[], Identity | None] = asker.get,
    ) -> None:
        """Begin with the archive of the page; `identity` says who sends the present call."""
        self._archive = archive
        self._archives = archives or Archives([archive])
        self._identity = identity

    @property
    def own(self) -> str | None:
        """The name of the archive of the page, if it has one."""
        return self._archive.name

    def hidden(self, also: Sequence[str]) -> list[str]:
        """Return those of the archives that the reader may not read, or that are not there."""
        seen = self._seen().names if also else []
        return [name for name in also if name not in seen]

    def asked(self, also: Sequence[str]) -> Asked:
        """Return the archive of the page, together with others by their names.

        Raises:
            SettingsError: one of them is not there for the reader; ask `hidden` before.
        """
        return self._seen().choose_some([self._archive.name, *also]) if also else self._archive

    def find_article(self, article_id: str, archive: str | None = None) -> Article | None:
        """Return the article with this id in an archive (by default that of the page), if any.

        It is `None` too where the reader may not read that archive.
        """
        if archive is None or archive == self._archive.name:
            return self._archive.find_article(article_id)
        if self.hidden([archive]):
            return None
        return self._seen().choose(archive).find_article(article_id)

    def allowed(self, turn: Turn) -> Turn:
        """Return a turn of a conversation as the reader may see it now.

        What several archives answered is not shown to whoever may no longer read each of them.
        """
        hidden = self.hidden(turn["asked"].also)
        if not hidden:
            return turn
        return {**turn, "answer": not_seen(turn["question"], hidden), "full": None}

    def _seen(self) -> Archives:
        return self._archives.seen_by(self._identity())


def not_seen(question: str, names: Sequence[str]) -> dict[str, object]:
    """Return the remark that some archives are not there for the reader."""
    return note(question, "not_seen", names=", ".join(names))
