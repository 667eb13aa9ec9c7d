"""The format of RTF documents: the text between control words, in one pass."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO

from qa.ingest.decoding import read_whole
from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.paragraphs import Paragraph, articles_of_document
from qa.ingest.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.ingest.article_fields import ReadArticle, ReadOptions

_TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?[0-9]{1,10})? ?"
    rb"|\\'(?P<hex>[0-9A-Fa-f]{2})"
    rb"|\\(?P<symbol>[^A-Za-z])"
    rb"|(?P<brace>[{}])"
    rb"|[\r\n]+"
    rb"|(?P<text>[^\\{}\r\n]+)",
    re.DOTALL,
)
_SYMBOLS = {
    b"~": "\xa0",
    b"_": "\u2011",
    b"{": "{",
    b"}": "}",
    b"\\": "\\",
    b"\n": "\n",
    b"\r": "\n",
}
_CHARACTERS = {
    "par": "\n",
    "sect": "\n",
    "page": "\n",
    "column": "\n",
    "row": "\n",
    "nestrow": "\n",
    "line": "\n",
    "cell": "\t",
    "nestcell": "\t",
    "tab": "\t",
    "emdash": "\u2014",
    "endash": "\u2013",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
    "bullet": "\u2022",
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "\u201c",
    "rdblquote": "\u201d",
}
# Groups that begin with these, or with \*, are about the document and not its text.
_NO_TEXT = frozenset(
    {
        "annotation",
        "atnauthor",
        "atnid",
        "atntime",
        "author",
        "colortbl",
        "comment",
        "company",
        "creatim",
        "datafield",
        "doccomm",
        "fldinst",
        "fonttbl",
        "footer",
        "footerf",
        "footerl",
        "footerr",
        "footnote",
        "generator",
        "header",
        "headerf",
        "headerl",
        "headerr",
        "info",
        "keywords",
        "listtable",
        "listoverridetable",
        "manager",
        "nextfile",
        "objdata",
        "operator",
        "pict",
        "private",
        "printim",
        "revtbl",
        "revtim",
        "rsidtbl",
        "rxe",
        "stylesheet",
        "subject",
        "tc",
        "template",
        "title",
        "txe",
        "userprops",
        "xe",
        "xmlnstbl",
    }
)
# Windows numbers of alphabets (\fcharset) and the code pages they stand for.
_CHARSETS = {
    0: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gbk",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
_CODE_PAGES = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_MOST_GROUPS = 10_000  # within each other


@dataclass(frozen=True, slots=True)
class _Group:
    """What a group of RTF passes on to the groups inside it."""

    is_text: bool = True
    is_fonts: bool = False
    skipped_after_unicode: int = 1
    font: int | None = None


@dataclass(slots=True)
class _RtfText:
    """The text of an RTF document as it is collected."""

    code_page: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    group: _Group = field(default_factory=_Group)
    outer: list[_Group] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)
    to_skip: int = 0  # characters after \u that stand for it in old programs
    default_font: int | None = None

    def add(self, text: str) -> None:
        self.flush()
        if self.group.is_text:
            self.parts.append(text)

    def add_bytes(self, data: bytes) -> None:
        skipped = min(self.to_skip, len(data))
        self.to_skip -= skipped
        if self.group.is_text:
            self.pending += data[skipped:]

    def flush(self) -> None:
        """Decode the bytes so far: letters of some alphabets take two."""
        if self.pending:
            font = self.default_font if self.group.font is None else self.group.font
            page = self.code_page if font is None else self.fonts.get(font, self.code_page)
            self.parts.append(self.pending.decode(page, "replace"))
            self.pending.clear()

    def brace(self, brace: bytes) -> None:
        self.flush()
        self.to_skip = 0
        if brace == b"{":
            if len(self.outer) >= _MOST_GROUPS:
                raise RefusedError("its groups are nested too deeply; save it anew")
            self.outer.append(self.group)
        elif self.outer:
            self.group = self.outer.pop()

    def word(self, word: str, number: int | None) -> None:
        """Obey a control word; most only say how text looks."""
        if word in _CHARACTERS:
            self.to_skip = 0
            self.add(_CHARACTERS[word])
        elif word == "u" and number is not None:
            self.add(chr(number % 0x10000))
            self.to_skip = self.group.skipped_after_unicode
        elif word in _NO_TEXT:
            self._leave_text(is_fonts=word == "fonttbl")
        else:
            self._state(word, number)

    def _leave_text(self, *, is_fonts: bool = False) -> None:
        self.flush()
        self.group = replace(self.group, is_text=False, is_fonts=is_fonts)

    def _state(self, word: str, number: int | None) -> None:
        if word in _CODE_PAGES:
            self.code_page = _CODE_PAGES[word]
        elif word == "plain":
            self._use_font(None)
        elif word == "deleted" and number != 0:  # a tracked change that took words out
            self._leave_text()
        elif number is not None:
            self._numbered_state(word, number)

    def _numbered_state(self, word: str, number: int) -> None:
        if word == "ansicpg":
            self.code_page = _known(f"cp{number}") or self.code_page
        elif word == "f":
            self._use_font(number)
        elif word == "fcharset" and self.group.is_fonts and self.group.font is not None:
            self.fonts[self.group.font] = _CHARSETS.get(number, self.code_page)
        elif word == "deff":
            self.default_font = number
        elif word == "uc":
            self.group = replace(self.group, skipped_after_unicode=max(0, min(number, 8)))

    def _use_font(self, font: int | None) -> None:
        self.flush()
        self.group = replace(self.group, font=font)


def text_of_rtf(data: bytes) -> str:
    r"""Return the text of an RTF document; each paragraph, line and row of a table is a line.

    Raises:
        RefusedError: this is no RTF, or it is cut off.

    >>> text_of_rtf(rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}Oekra\'efne\par\u8364?5}")
    'Oekraïne\n€5'
    """
    data = data.lstrip(codecs.BOM_UTF8 + b" \t\r\n")
    if not data.startswith(b"{\\rtf"):
        raise RefusedError("this is no RTF document; name it after what it is")
    read = _RtfText()
    at = 0
    while at < len(data):
        token = _TOKEN.match(data, at)
        if token is None:  # a lone backslash at the end
            break
        at = token.end() + _take(read, token)
        if not read.outer:
            break  # the document is closed; what follows is not part of it
    if read.outer:
        raise RefusedError("it is cut off: a group is not closed; get it again, or save it anew")
    read.flush()
    # \u gives characters above U+FFFF in two halves.
    return "".join(read.parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _take(read: _RtfText, token: re.Match[bytes]) -> int:
    """Take one token, and return how many bytes of pictures after it are no text."""
    kind = token.lastgroup
    if kind in ("word", "number"):
        word = token["word"].decode()
        number = int(token["number"]) if token["number"] else None
        if word == "bin":
            return max(0, number or 0)
        read.word(word, number)
    elif kind == "hex":
        read.add_bytes(bytes.fromhex(token["hex"].decode()))
    elif kind == "text":
        read.add_bytes(token["text"])
    elif kind == "brace":
        read.brace(token["brace"])
    elif kind == "symbol":
        _take_symbol(read, token["symbol"])
    return 0


def _take_symbol(read: _RtfText, symbol: bytes) -> None:
    if symbol == b"*":
        read.word("private", None)
    elif symbol in _SYMBOLS:
        read.to_skip = 0
        read.add(_SYMBOLS[symbol])


def _known(code_page: str) -> str | None:
    if code_page == "cp65001":
        return "utf-8"
    try:
        return codecs.lookup(code_page).name
    except LookupError:
        return None


def read_rtf(stream: BinaryIO, options: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    """Read an RTF document as one article.

    Raises:
        RefusedError: this is no RTF, or it is cut off, too large or empty.
    """
    text = text_of_rtf(read_whole(stream, options.max_article_bytes))
    lines = [Paragraph(line.strip()) for line in text.split("\n") if line.strip()]
    yield from articles_of_document(lines, {}, options)


FORMATS = (ArticleFormat("rtf", (".rtf",), read_rtf),)
