"""The commands that back an archive up, restore it, and carry it to another version."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from index_store.backup import BackupManifest, back_up, restore_backup
from index_store.backup import verify_backup as verify
from index_store.local import LocalStore
from qa.assistant import Assistant
from qa.cli.archive import counter
from qa.cli.audit import tell_audit
from qa.cli.options import EncoderOption, JsonOption, StoreOption, echo, echo_json
from qa.errors import IngestError, SettingsError
from qa.evaluation import feedback as opinions
from qa.evaluation.progress import counted
from qa.exports.whole_file import whole_file
from qa.history.history import FILE_NAME, History
from qa.history.transfer import keep_record, kept_records
from qa.ingest.dump import dump_lines, lines_of, read_dump
from qa.settings import chosen_index, default_store_path
from qa.text.json_line import json_line

BackupArgument = Annotated[Path, typer.Argument(help="The file of a backup.", show_default=False)]


def backup(
    file: Annotated[Path, typer.Argument(help="The new file.", show_default=False)],
    *,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write all that cannot be made again to one compressed file, while others read and write.

    The file holds the archive and what readers said of answers, with a checksum of each. It appears
    whole or not at all.
    """
    with counted("writing the backup"):
        manifest = back_up(store or default_store_path(), file)
    _show(manifest, as_json=as_json)


def verify_backup(file: BackupArgument, *, as_json: JsonOption = False) -> None:
    """Read a backup to the last byte and examine every row of its archive.

    Exit code: 0 it can be restored; 1 it is damaged.
    """
    with counted("reading the backup"):
        manifest = verify(file)
    _show(manifest, as_json=as_json)


def restore(
    file: BackupArgument,
    *,
    store: StoreOption = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Give up the archive that is there now.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Put the archive of a backup in place, after verifying it, and make its search indexes.

    Nothing is encoded. A running `dateline chat` goes on with the restored archive.
    """
    path = store or default_store_path()
    with counted("restoring"):
        manifest = restore_backup(file, path, replace=replace)
        with closing(LocalStore(path, index=chosen_index())) as restored:
            restored.view()
    _show(manifest, as_json=as_json)


def dump(
    file: Annotated[
        Path | None,
        typer.Argument(help="The new file. Default: standard output.", show_default=False),
    ] = None,
    *,
    vectors: Annotated[
        bool,
        typer.Option("--vectors", help="With the embeddings, so that loading encodes nothing."),
    ] = False,
    personal: Annotated[
        bool,
        typer.Option(
            "--personal", help="With all readers' conversations, kept quotes and saved searches."
        ),
    ] = False,
    store: StoreOption = None,
) -> None:
    """Print the archive as JSON lines, which any version of Dateline can load.

    Articles with their places, dates set by hand, and opinions of readers. Inferred dates are
    inferred again.
    """
    path = store or default_store_path()
    judged, _ = opinions.read(path / opinions.FILE_NAME)
    with (
        closing(LocalStore(path)) as opened,
        _kept(path, personal=personal) as kept,
        _output(file, is_private=personal) as write,
    ):
        told = (judgement.to_dict() for judgement in judged)
        for line in dump_lines(opened.catalog, told, kept, vectors=vectors):
            write(f"{json_line(line)}\n")


def load(
    file: Annotated[Path, typer.Argument(help="A dump; - for standard input.", show_default=False)],
    *,
    store: StoreOption = None,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read a dump into an archive; its articles replace those with the same ids.

    Exit code: 0 all is stored; 1 the dump is damaged: the articles before that place are stored.
    """
    path = store or default_store_path()
    with (
        _input(file) as lines,
        Assistant.open(path, create=True, encoder=encoder) as assistant,
        counter(None) as step,
        _told_load(path, file, step) as stored,
    ):
        read = read_dump(lines_of(lines, str(file)), str(file))
        today = date.today()  # noqa: DTZ011
        done = assistant.archive.load(read, today=today, on_articles=stored)
        _add_opinions(path / opinions.FILE_NAME, read.feedback, str(file))
        view = assistant.archive.store.view()
        _keep(path, read.kept, str(file), seen=view.last_number() if view else 0)
    if as_json:
        echo_json({**asdict(done), "feedback": len(read.feedback), "kept": len(read.kept)})
    else:
        told = f"{done.articles} articles loaded, {done.encoded_chunks} chunks encoded"
        left = f"{len(read.feedback)} opinions of readers"
        kept = f", {len(read.kept)} conversations, quotes and searches" if read.kept else ""
        echo(f"{told}, {left}{kept}")


@contextmanager
def _told_load(
    store: Path, file: Path, step: Callable[[int], None]
) -> Iterator[Callable[[int], None]]:
    """Yield `step`, which also counts, and tell the audit log at the end what was stored."""
    stored, is_whole = 0, False

    def count(more: int) -> None:
        nonlocal stored
        stored += more
        step(more)

    try:
        yield count
        is_whole = True
    finally:
        if stored:
            tell_audit(store, "added", added=stored, files=[str(file)], whole=is_whole)


def _add_opinions(file: Path, told: Iterable[dict[str, object]], source: str) -> None:
    present = [judgement.to_dict() for judgement in opinions.read(file)[0]]
    for record in told:
        try:
            judgement = opinions.Judgement.parse(record)
        except (KeyError, TypeError, ValueError) as error:
            raise IngestError(source, f"an opinion of a reader cannot be read ({error})") from error
        if judgement.to_dict() not in present:
            opinions.add(file, judgement)


@contextmanager
def _kept(store: Path, *, personal: bool) -> Iterator[Iterable[dict[str, object]]]:
    """Yield what readers keep, if that is asked for and there is any."""
    if not personal or not (store / FILE_NAME).exists():
        yield ()
        return
    with History.on_disk(store / FILE_NAME) as history:
        yield kept_records(history)


def _keep(store: Path, told: Sequence[dict[str, object]], source: str, *, seen: int) -> None:
    if not told:
        return
    with History.on_disk(store / FILE_NAME) as history:
        refused = list(filter(None, (_refusal(history, record, seen) for record in told)))
    if refused:
        told_of = f"{len(refused)} of {len(told)} things that readers kept"
        reason = f"{told_of} cannot be read or have no place here; the first: {refused[0]}"
        raise IngestError(source, f"{reason}; all else is loaded")


def _refusal(history: History, record: dict[str, Any], seen: int) -> str | None:
    """Keep a record; return why it cannot be kept, if it cannot."""
    try:
        keep_record(history, record, seen=seen)
    except (KeyError, TypeError, ValueError) as error:
        return str(error)
    return None


@contextmanager
def _output(file: Path | None, *, is_private: bool) -> Iterator[Callable[[str], object]]:
    if file is None:
        yield lambda text: sys.stdout.buffer.write(text.encode())
        return
    if file.exists():
        raise SettingsError(f"{file} exists already; give the dump another name")
    with whole_file(file, is_private=is_private) as target:
        yield target.write


@contextmanager
def _input(file: Path) -> Iterator[IO[bytes]]:
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    try:
        opened = file.open("rb")
    except OSError as error:
        raise IngestError(file, f"it cannot be read ({error.strerror})") from error
    with opened:
        yield opened


def _show(manifest: BackupManifest, *, as_json: bool) -> None:
    if as_json:
        echo_json(asdict(manifest))
    else:
        size = sum(length for length, _ in manifest.files.values())
        echo(
            f"{manifest.articles} articles, {manifest.chunks} chunks, {len(manifest.files)} files "
            f"({size / 1e6:.1f} MB), of {manifest.made}"
        )
