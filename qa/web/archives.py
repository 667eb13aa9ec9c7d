"""The archives of one server, each by its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.errors import SettingsError
from qa.web.access.archive_address import unknown_archive
from qa.web.access.roles import Identity
from qa.web.served import ServedArchive
from qa.web.served_union import ServedUnion


class Archives:
    """All archives that a server serves, the first one first; one alone may have no name."""

    def __init__(
        self,
        served: Sequence[ServedArchive],
        *,
        unions: dict[tuple[str, ...], ServedUnion] | None = None,
    ) -> None:
        """Hold the archives; several have names, all of them different.

        `unions` are those of them that were asked at once before.
        """
        self._served = {each.name or "": each for each in served}
        self._unions = {} if unions is None else unions

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
        return Archives([self._served[each] for each in names], unions=self._unions)

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

    def choose_some(self, names: object) -> ServedArchive | ServedUnion:
        """Return the archive of a name, or those of a list of names, to be asked at once.

        Raises:
            SettingsError: as `choose` does.
        """
        if not isinstance(names, list) or not names:
            return self.choose(None if names == [] else names)
        chosen = {self.choose(each).name or "" for each in names}
        if len(chosen) == 1:
            return self.choose(*chosen)
        ordered = tuple(each for each in self._served if each in chosen)
        if ordered not in self._unions:
            self._unions[ordered] = ServedUnion([self._served[each] for each in ordered])
        return self._unions[ordered]

    def ask_for_name(self) -> str:
        """Return the words that ask for the name of an archive."""
        listed = ", ".join(self.names)
        return f"there are several archives; say which as archive: {listed}"

    def unknown(self, name: str) -> str:
        """Return the words that say that there is no such archive."""
        return unknown_archive(name, self.names)
