"""A folder of articles that change, and what a store of it may hold by what commands reported."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from random import Random

State = Mapping[str, str | None]  # texts by id; `None` is an article that is not there

ADDED = "added/"  # before the ids of what was sent to a server


class LivingArchive:
    """Files that are rewritten, added and deleted, and what their store is allowed to say.

    Each article may have one of several texts: of the last command that reported it stored, and of
    all that began since. What was seen in the store once is there to stay.
    """

    def __init__(self, folder: Path, chance: Random, *, files: int) -> None:
        """Write so many files to `folder`/in; the store is to be in `folder`/store."""
        self.folder, self.store = folder / "in", folder / "store"
        self.on_disk: dict[str, str] = {}
        self.texts: set[str] = set()  # that any article has ever had
        self.stored: dict[str, str] = {}
        self._may_be: dict[str, set[str | None]] = {}
        self._beside = folder / "writing"
        self._chance = chance
        self._versions = 0
        self._numbers = 0
        self.folder.mkdir(parents=True)
        for _ in range(files):
            self._write(self.new_name())

    def new_name(self) -> str:
        """Return the name of an article that there has never been."""
        self._numbers += 1
        return f"{self._numbers:05}"

    def new_text(self, name: str) -> str:
        """Return a text that no article has had; it begins with a word of its name alone."""
        self._versions += 1
        town, day = f"Dorp{int(name)}", 1 + self._versions % 28
        first = f"Bericht{int(name)} uitgave{self._versions} gaat over de sluis bij {town}."
        sentences = [
            f"Op {day} maart 2022 zei de gemeente dat de sluis bij {town} {self._versions} miljoen "
            "euro kost.",
            *(f"Zin{n} van bericht{int(name)} gaat over dijken en sancties." for n in range(4)),
        ]
        # Half of the articles say when they are of; for the others that is inferred.
        return " ".join([first, *sentences[self._versions % 2 :]])

    def question(self) -> str:
        """Return a question about one of the articles."""
        names = sorted(self.stored) or sorted(self.on_disk)
        number = int(self._chance.choice(names).removeprefix(ADDED)) if names else 1
        return f"Hoeveel miljoen kost de sluis bij Dorp{number}?"

    def change(self, count: int, *, besides: Collection[str] = (), deletes: bool = True) -> None:
        """Rewrite, add or delete so many files, none of them among `besides`."""
        for _ in range(count):
            names = sorted(self.on_disk.keys() - besides)
            what = self._chance.choices(("rewrite", "add", "delete"), (6, 2, 2))[0]
            if what == "add" or not names:
                self._write(self.new_name())
            elif what == "rewrite":
                self._write(self._chance.choice(names))
            elif deletes and len(names) > 10:
                name = self._chance.choice(names)
                del self.on_disk[name]
                (self.folder / f"{name}.txt").unlink()

    def _write(self, name: str) -> None:
        # In one step: nobody reads half of a file.
        self.on_disk[name] = self.new_text(name)
        self.texts.add(self.on_disk[name])
        self._beside.write_text(self.on_disk[name], encoding="utf-8")
        self._beside.replace(self.folder / f"{name}.txt")

    def as_the_files_are(self, *, without_the_gone: bool = True) -> dict[str, str | None]:
        """Return what the store holds once the folder was read to its end."""
        gone = (self.stored.keys() | self._may_be.keys()) - self.on_disk.keys()
        here = dict.fromkeys(name for name in gone if not name.startswith(ADDED))
        return {**(here if without_the_gone else {}), **self.on_disk}

    def may_become(self, state: State) -> None:
        """Note that a command begins that can change articles to this."""
        for name, text in state.items():
            self._may_be.setdefault(name, {self.stored.get(name)}).add(text)

    def must_be(self, state: State) -> None:
        """Note that a command reported this as stored."""
        self._may_be.update({name: {text} for name, text in state.items()})

    def differences(self, found: Mapping[str, str]) -> Iterator[str]:
        """Tell what a store holds that it must not, or lacks."""
        for name in sorted(found.keys() | self.stored.keys() | self._may_be.keys()):
            allowed = self._may_be.get(name, {self.stored.get(name)})
            text = found.get(name)
            if text not in allowed:
                shown = " or ".join(sorted(_short(each) for each in allowed))
                yield f"{name} is {_short(text)}, where it must be {shown}"

    def settle(self, found: Mapping[str, str]) -> None:
        """Note what was seen in the store: that is there to stay."""
        self.stored = dict(found)
        self._may_be.clear()


def _short(text: str | None) -> str:
    return "not there" if text is None else repr(" ".join(text.split()[:2]))
