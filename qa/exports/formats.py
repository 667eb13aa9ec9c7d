"""Lists the formats, and writes an export to a file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from qa.answer.records import Answer
from qa.exports import as_csl, as_csv, as_docx, as_json, as_markdown, as_page, as_ris, word_file
from qa.exports.asked_within import with_nearest
from qa.exports.labels import kept_headings, known_language
from qa.exports.reconstruction import NAME, text_lines, with_exact_copies
from qa.exports.records import Exported, ExportedQuote, ExportError
from qa.exports.whole_file import whole_file
from qa.exports.word_file import DATA, QUESTION, TITLE

Write = Callable[[Sequence[Answer], str], str]
Parts = Callable[[Exported], Sequence[Sequence[ExportedQuote]]]


def _written_anew(write: Write) -> Callable[[Exported, Sequence[Answer]], str]:
    return lambda exported, answers: write(answers, exported.language)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExportError("it is not UTF-8; save it as UTF-8 and try again") from error


def _word_file(text: str) -> bytes:
    return word_file.pack(as_docx.paragraphs(text))


def _of_word_file(content: bytes) -> str:
    return "".join(f"{as_docx.written(each)}\n" for each in word_file.unpack(content))


@dataclass(frozen=True, slots=True)
class Format:
    """A format: how it writes answers, given the language of the labels, and reads them again.

    `write_again` writes an export that was read, with its answers as the archive has them now.
    `lines` splits a text into pieces to compare, each with the name of its place. `opens` matches a
    place and its piece (with a tab between them) if the piece begins a part of the export, or
    begins the text after the last part. `parts` gives the quotes that each part depends on.
    `to_file` makes the bytes of a file of a text, and `of_file` the text of these; where the file
    is not the text itself, `is_text` is false.
    """

    write: Write
    read: Callable[[str], Exported]
    lines: Callable[[str], list[tuple[str, str]]]
    write_again: Callable[[Exported, Sequence[Answer]], str]
    opens: re.Pattern[str]
    parts: Parts
    to_file: Callable[[str], bytes] = str.encode
    of_file: Callable[[bytes], str] = _decoded
    is_text: bool = True


def _telling_exact_copies(known: Format, *, nearest: bool = True) -> Format:
    """Return a format that names exact copies with near ones.

    One that holds more than references also has the `nearest` passages of an abstention.
    """

    def write(answers: Sequence[Answer], language: str) -> str:
        told = [with_nearest(each) for each in answers] if nearest else answers
        return known.write([with_exact_copies(each) for each in told], language)

    return replace(known, write=write)


def _answers(exported: Exported) -> Sequence[Sequence[ExportedQuote]]:
    return [answer.quotes for answer in exported.answers]


def _rows(exported: Exported) -> Sequence[Sequence[ExportedQuote]]:
    return [answer.quotes for answer in exported.answers for _ in answer.quotes or (None,)]


def _articles(exported: Exported) -> Sequence[Sequence[ExportedQuote]]:
    return [[quote] for quote in {each.article_id: each for each in exported.quotes}.values()]


def _format(
    room: Any,
    opens: str,
    parts: Parts = _answers,
    lines: Callable[[str], list[tuple[str, str]]] = text_lines,
) -> Format:
    pattern = re.compile(opens)
    return Format(room.write, room.read, lines, _written_anew(room.write), pattern, parts)


_KEPT = "|".join(map(re.escape, kept_headings()))

FORMATS = MappingProxyType(
    {
        ".md": _telling_exact_copies(
            _format(as_markdown, rf"[^\t]*\t(?:## |# (?:{_KEPT})$|\[{NAME}\]: #)")
        ),
        ".json": _telling_exact_copies(
            replace(
                _format(as_json, r"answers \d+\.question\t", lines=as_json.lines),
                write_again=as_json.write_again,
            )
        ),
        ".csv": _telling_exact_copies(_format(as_csv, r"row \d+\tquestion: ", _rows, as_csv.lines)),
        ".ris": _telling_exact_copies(
            _format(as_ris, r"[^\t]*\tTY  - ", _articles, as_ris.lines), nearest=False
        ),
        ".docx": _telling_exact_copies(
            replace(
                _format(
                    as_docx,
                    rf'[^\t]*\t\["(?:{QUESTION}|{DATA})"|[^\t]*\t\["{TITLE}", "(?:{_KEPT})"\]$',
                    lines=as_docx.lines,
                ),
                to_file=_word_file,
                of_file=_of_word_file,
                is_text=False,
            )
        ),
        ".html": _telling_exact_copies(_format(as_page, r"[^\t]*\t<(?:section|footer)>")),
        ".csl.json": _telling_exact_copies(
            _format(as_csl, r"[^\t]*\t  \{", _articles, as_csl.lines), nearest=False
        ),
    }
)
"""Each format by its file name suffix. Pandoc knows references in JSON by ".json", so that one
suffix ends with another.
"""

SUFFIXES = tuple(FORMATS)


def export(answers: Sequence[Answer], suffix: str, *, language: str | None = None) -> str:
    """Return answers in the format of a file name suffix, such as ".md".

    `language` is the language of the labels, "nl" or "en"; any other language gives English labels.
    The default is the language of the first question.

    Raises:
        NothingCitedError: no article is cited, and the format (RIS, CSL-JSON) holds only citations.
        ExportError: no format has this suffix, or it is no text (`export_bytes` takes every one).
    """
    known = format_of(Path(f"export{suffix}"))
    if not known.is_text:
        raise ExportError(f"{suffix} is no text; take the bytes of export_bytes, or use save")
    return _written(known, answers, language)


def export_bytes(answers: Sequence[Answer], suffix: str, *, language: str | None = None) -> bytes:
    """Return a file in the format of a suffix, as `save` writes it; else as `export`.

    Raises:
        NothingCitedError: no article is cited, and the format (RIS, CSL-JSON) holds only citations.
        ExportError: no format has this suffix.
    """
    known = format_of(Path(f"export{suffix}"))
    return known.to_file(_written(known, answers, language))


def _written(known: Format, answers: Sequence[Answer], language: str | None) -> str:
    spoken = language or (answers[0].language if answers else "nl")
    return known.write(answers, known_language(spoken))


def save(path: Path, answers: Sequence[Answer], *, language: str | None = None) -> None:
    """Write answers to a file in the format of its suffix, completely or not at all.

    Raises:
        ExportError: no format has this suffix, the file cannot be written, or no article is cited
            and the format (RIS, CSL-JSON) holds only citations (`NothingCitedError`).
    """
    content = export_bytes(answers, suffix_of(path), language=language)
    with whole_file(path) as file:
        file.write_bytes(content)


def check_target(path: Path) -> None:
    """Raise an error if an export cannot be written to this file.

    Raises:
        ExportError: no format has its suffix, it is a folder, or its folder is not writable.
    """
    format_of(path)
    if path.is_dir():
        raise ExportError(f"{path} cannot be written (it is a folder)")
    if not path.parent.is_dir():
        raise ExportError(f"{path} cannot be written (there is no folder {path.parent})")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise ExportError(f"{path} cannot be written (no permission to write in {path.parent})")


def format_of(path: Path) -> Format:
    """Return the format of a file by its suffix.

    Raises:
        ExportError: no format has this suffix; the message lists the known suffixes.
    """
    try:
        return FORMATS[suffix_of(path)]
    except KeyError:
        raise ExportError(
            f"{path.name!r} names no format of export; end it with one of {', '.join(SUFFIXES)}"
        ) from None


def suffix_of(path: Path) -> str:
    """Return the suffix by which a file names its format, which may be one of two parts.

    >>> suffix_of(Path("bronnen.CSL.json")), suffix_of(Path("mijn.antwoord.json"))
    ('.csl.json', '.json')
    """
    longer = "".join(path.suffixes[-2:]).lower()
    return longer if longer in FORMATS else path.suffix.lower()
