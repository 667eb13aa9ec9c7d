"""Several archives on the command line: `--store DIR`, or `--store NAME=DIR` several times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

import typer

from qa.answer.consultation import Consultant
from qa.answer.respondent import Respondent
from qa.assistant import Assistant
from qa.cli.options import wrong_usage
from qa.errors import SettingsError
from qa.models.generator.settings import GeneratorSettings
from qa.models.loading import Models
from qa.settings import INDEX_HERE, chosen_index, default_store_path


@dataclass(frozen=True, slots=True)
class NamedStore:
    """The folder of an archive, and the name under which it is served, if it has one."""

    name: str | None
    path: Path

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read NAME=DIR or DIR; a DIR with a sign of equality in it is written ./DIR.

        Raises:
            SettingsError: the name has other signs than letters, digits, hyphens and underscores.

        >>> NamedStore.parse("nrc=kranten/nrc").name, NamedStore.parse("./a=b").name
        ('nrc', None)
        """
        from qa.web.access.roles import ARCHIVE_NAME, LONGEST_ARCHIVE_NAME

        name, equals, folder = written.partition("=")
        if not equals or "/" in name or name.startswith("~"):
            return cls(None, Path(written).expanduser())
        if not ARCHIVE_NAME.fullmatch(name) or not folder:
            raise SettingsError(
                f"{written!r} is not NAME=DIR: a name has at most {LONGEST_ARCHIVE_NAME} letters "
                "(a to z), digits, hyphens and underscores; a folder with = in it is written ./DIR"
            )
        return cls(name, Path(folder).expanduser())


def written_store(text: str) -> NamedStore:
    """Read NAME=DIR or DIR on the command line.

    Raises:
        typer.BadParameter: the name cannot be one.
    """
    with wrong_usage():
        return NamedStore.parse(text)


StoresOption = Annotated[
    list[NamedStore] | None,
    typer.Option(
        "--store",
        parser=written_store,
        metavar="NAME=DIR",
        help="Folder of the archive; of several, NAME=DIR each. Default: that of DATELINE_STORE, "
        "else the user's data folder.",
        show_default=False,
    ),
]


def check_stores(stores: Sequence[NamedStore], *, index: str | None = None) -> None:
    """Refuse stores that cannot be taken together; `index` is that of `Assistant.open`.

    Raises:
        SettingsError: one of several has no name, a name or a folder is given twice, or vectors
            are searched in the one collection of an index elsewhere.
    """
    if len(stores) < 2:
        return
    names: dict[str, NamedStore] = {}
    folders: dict[Path, str] = {}
    for each in stores:
        if each.name is None:
            told = f"{each.path} has no name; with several archives, write --store NAME=DIR"
            raise SettingsError(told)
        if (twin := names.setdefault(each.name.casefold(), each)) is not each:
            told = f"two archives are called {twin.name!r} and {each.name!r}; names must"
            raise SettingsError(f"{told} differ in more than case")
        other = folders.setdefault(each.path.resolve(), each.name)
        if other != each.name:
            told = f"{each.path} is given twice, as {other!r} and as {each.name!r}; leave one out"
            raise SettingsError(told)
    if chosen_index(index) is not None:
        raise SettingsError(
            "an index elsewhere holds one archive; take several without --index, or each by itself"
        )


def open_stores(
    stores: Sequence[NamedStore],
    opened: ExitStack,
    *,
    generator: GeneratorSettings | None,
    index: str | None,
) -> list[Assistant]:
    """Open archives with one encoder, one reader and one language model; `opened` closes them.

    One alone is made if it is not there. Of several, it would be missed among the others.

    Raises:
        StoreNotFoundError: there is no archive in the folder of one of several.
    """
    if len(stores) == 1:
        alone = Assistant.open(stores[0].path, create=True, generator=generator, index=index)
        return [opened.enter_context(alone)]
    models, found = Models(), list[Assistant]()
    for each in stores:
        assistant = Assistant.open(each.path, models=models, index=INDEX_HERE, name=each.name)
        found.append(opened.enter_context(assistant))
    if generator is not None:
        consultant = Consultant.of(generator)
        for assistant in found:
            assistant.consultant = consultant
    return found


@contextmanager
def open_each(
    stores: Sequence[NamedStore] | None,
    *,
    encoder: str | None = None,
    reader: Path | None = None,
    light: bool = True,
    **settings: Any,
) -> Iterator[list[Assistant]]:
    """Open the archives of a command, the usual one without `stores`, with one set of models.

    These are `light` unless many questions will be asked. `settings` are those of `Assistant.open`.

    Raises:
        typer.BadParameter: the stores cannot be taken together.
        StoreNotFoundError: there is no archive in a folder.
    """
    given = stores or [NamedStore(None, default_store_path())]
    with wrong_usage():
        check_stores(given)
    settings["models"] = Models(encoder=encoder, reader=reader, light=light)
    with ExitStack() as opened:
        yield [
            opened.enter_context(Assistant.open(each.path, name=each.name, **settings))
            for each in given
        ]


@contextmanager
def open_asked(stores: Sequence[NamedStore] | None, **settings: Any) -> Iterator[Respondent]:
    """Open the archives of a command that asks, as `open_each`; several answer as one."""
    with open_each(stores, **settings) as found:
        yield found[0] if len(found) == 1 else Assistant.together(found)


def refuse_several(
    stores: Sequence[NamedStore] | None, archives: Sequence[str] | None = None, *, reading: bool
) -> None:
    """Refuse several archives, here or of a server, if the texts of one are to be read.

    Raises:
        typer.BadParameter: there are several.
    """
    for option, given in (("--store", stores), ("--archive", archives)):
        if reading and given and len(given) > 1:
            told = f"this reads one archive at a time; give {option} once, and run it for each"
            raise typer.BadParameter(told)
