"""The archives of one server, each by its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.errors import SettingsError
from qa.web.access.archive_address import unknown_archive
from qa.web.access.roles import Identity
from qa.web.served import ServedArchive


class Archives:
    """All archives that a server serves, the first one first; one alone may have no name."""

    def __init__(self, served: Sequence[ServedArchive]) -> None:
        """Hold the archives; several have names, all of them different."""
        self._served = {each.name or "": each for each in served}

    def __iter__(self) -> Iterator[ServedArchive]:
        """Yield the archives in their order."""
        return iter(self._served.values())

    @property
    def names(self) -> list[str]:
        """The names in their order."""
        return [name for name in self._served if name]

    def seen_by(self, who: Identity | None) -> Archives:
        """Return the archives in which somebody has a role; of one alone, that was checked before.

        Of several, nobody sees any: whoever asks must be known.
        """
        if len(self._served) == 1:
            return self
        names = who.archives(self._served) if who else ()
        return Archives([self._served[each] for each in names])

    def choose(self, name: object) -> ServedArchive:
        """Return the archive of this name; of one alone, no name is needed.

        Raises:
            SettingsError: there is no such archive, or there are several and no name.
        """
        if name is None or name == "":
            if len(self._served) == 1:
                return next(iter(self))
            raise SettingsError(self.ask_for_name())
        found = self._served.get(name) if isinstance(name, str) else None
        if found is None:
            raise SettingsError(self.unknown(str(name)))
        return found

    def ask_for_name(self) -> str:
        """Return the words that ask for the name of an archive."""
        listed = ", ".join(self.names)
        return f"there are several archives; say which as archive: {listed}"

    def unknown(self, name: str) -> str:
        """Return the words that say that there is no such archive."""
        return unknown_archive(name, self.names)
