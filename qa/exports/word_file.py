"""Packs paragraphs into a Word document (Office Open XML), and unpacks them again.

Of the many parts of such a file only text, styles and what binds them are written. A word processor
that opens and saves it keeps them, so that the quotes in it can still be checked.

Source: ECMA-376, Office Open XML File Formats.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.etree import ElementTree as Tree
from xml.sax.saxutils import escape

from qa.exports.records import ExportError

TITLE, QUESTION, ARTICLE = "DatelineTitle", "DatelineQuestion", "DatelineArticle"
QUOTE, FACT, DATA = "DatelineQuote", "DatelineFact", "DatelineData"

Run = str | list[str]
"""Text, or in a list of its own text that is bold."""

_DOCUMENT = "word/document.xml"
_LARGEST = 50_000_000  # bytes of the part with the text
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DAY = (1980, 1, 1, 0, 0, 0)  # the same answers make the same file
# What XML cannot hold stands as "_x000B_", and so does the underscore of words that look like it.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-F]{4}_)")
_WRITTEN = re.compile("_x([0-9A-F]{4})_")
_ELEMENTS = {"\n": "<w:br/>", "\r": "<w:cr/>", "\t": "<w:tab/>"}
_TEXTS = {"br": "\n", "cr": "\r", "tab": "\t", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with the name of its style."""

    style: str
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The words, whether bold or not."""
        return "".join(each if isinstance(each, str) else each[0] for each in self.runs)


def pack(paragraphs: Sequence[Paragraph]) -> bytes:
    """Return the file."""
    body = "".join(map(_paragraph, paragraphs))
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _relations("officeDocument", _DOCUMENT),
        _DOCUMENT: f'{_XML}<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": _relations("styles", "styles.xml"),
        "word/styles.xml": _STYLES,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            about = zipfile.ZipInfo(name, _DAY)
            about.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(about, text)
    return file.getvalue()


def unpack(content: bytes) -> list[Paragraph]:
    """Return the paragraphs of a file that hold text.

    Raises:
        ExportError: this is no Word document, or its text is too large to be an export.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed, packed.open(_DOCUMENT) as part:
            text = part.read(_LARGEST + 1)
        if len(text) > _LARGEST or b"<!DOCTYPE" in text:
            raise ExportError("this is no document that Dateline exported")
        root = Tree.fromstring(text)  # noqa: S314 - without a DOCTYPE there are no entities
    except (zipfile.BadZipFile, KeyError, Tree.ParseError, zlib.error, EOFError) as error:
        raise ExportError(f"this is no Word document, or a damaged one ({error})") from error
    except (NotImplementedError, RuntimeError) as error:
        raise ExportError(f"this Word document cannot be unpacked ({error})") from error
    return [each for each in _read(root) if each.text]


def _paragraph(paragraph: Paragraph) -> str:
    runs = "".join(map(_run, paragraph.runs))
    return f'<w:p><w:pPr><w:pStyle w:val="{paragraph.style}"/></w:pPr>{runs}</w:p>\n'


def _run(run: Run) -> str:
    is_bold, text = not isinstance(run, str), run if isinstance(run, str) else run[0]
    text = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    inner = "".join(
        _ELEMENTS.get(part) or f'<w:t xml:space="preserve">{escape(part)}</w:t>'
        for part in re.split(r"([\n\r\t])", text)
        if part
    )
    return f"<w:r>{'<w:rPr><w:b/></w:rPr>' if is_bold else ''}{inner}</w:r>"


def _read(root: Tree.Element) -> Iterator[Paragraph]:
    """Yield the paragraphs; one in another, as in a text box, stands by itself behind that one.

    Each element is looked at once, however deep paragraphs stand within each other.
    """
    found: list[tuple[Tree.Element, list[tuple[bool, str]]]] = []
    waiting: list[tuple[Tree.Element, list[tuple[bool, str]]]] = [(root, [])]
    while waiting:
        element, parts = waiting.pop()
        if element.tag == f"{{{_W}}}p":
            parts = []
            found.append((element, parts))
        elif element.tag == f"{{{_W}}}r":
            parts.extend(_parts(element))
        waiting.extend((child, parts) for child in reversed(element))
    for element, parts in found:
        style = element.find(f"{{{_W}}}pPr/{{{_W}}}pStyle")
        name = "" if style is None else style.get(f"{{{_W}}}val", "")
        yield Paragraph(name, tuple(_runs(parts)))


def _runs(parts: Sequence[tuple[bool, str]]) -> Iterator[Run]:
    for is_bold, alike in groupby(parts, key=lambda part: part[0]):
        text = _WRITTEN.sub(
            lambda found: chr(int(found[1], 16)), "".join(each for _, each in alike)
        )
        if text:
            yield [text] if is_bold else text


def _parts(run: Tree.Element) -> Iterator[tuple[bool, str]]:
    """Yield the texts of a run, each with whether it is bold."""
    is_bold = run.find(f"{{{_W}}}rPr/{{{_W}}}b") is not None
    for each in run:
        name = each.tag.rpartition("}")[2]
        yield is_bold, (each.text or "") if name == "t" else _TEXTS.get(name, "")


def _relations(kind: str, target: str) -> str:
    one = f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{one}</Relationships>'


def _style(name: str, title: str, paragraph: str = "", run: str = "") -> str:
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{name}">'
        f'<w:name w:val="{title}"/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


_CONTENT_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/{_DOCUMENT}" ContentType="{_TYPE}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
)
_STYLES = "".join(
    (
        f'{_XML}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        '<w:rFonts w:ascii="Georgia" w:hAnsi="Georgia" w:cs="Georgia"/><w:sz w:val="22"/>'
        "</w:rPr></w:rPrDefault></w:docDefaults>",
        _style(TITLE, "Dateline title", '<w:spacing w:after="120"/>', '<w:b/><w:sz w:val="32"/>'),
        _style(
            QUESTION,
            "Dateline question",
            '<w:keepNext/><w:spacing w:before="480" w:after="120"/><w:outlineLvl w:val="0"/>',
            '<w:b/><w:sz w:val="28"/>',
        ),
        _style(
            ARTICLE,
            "Dateline article",
            '<w:keepNext/><w:spacing w:before="280" w:after="60"/><w:outlineLvl w:val="1"/>',
            "<w:b/>",
        ),
        _style(
            QUOTE,
            "Dateline quote",
            '<w:pBdr><w:left w:val="single" w:sz="12" w:space="10" w:color="16575C"/></w:pBdr>'
            '<w:spacing w:before="60" w:after="120" w:line="312" w:lineRule="auto"/>'
            '<w:ind w:left="284"/>',
        ),
        _style(FACT, "Dateline fact", '<w:spacing w:after="20"/>', '<w:sz w:val="19"/>'),
        _style(DATA, "Dateline data", "", "<w:vanish/>"),
        "</w:styles>",
    )
)
