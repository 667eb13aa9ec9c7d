"""Parses XML within bounds: no entities, no network, no deep nesting, no endless text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO

from qa.ingest.decoding import Decoded, decode, read_whole
from qa.ingest.refusals import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qa.ingest.article_fields import ReadOptions
    from qa.ingest.formats.article_format import ReadFunction, ReadItems

_BLOCK = 1 << 16
_DECLARED = re.compile(rb"""\s*<\?xml [^>]*?encoding\s*=\s*["']([\w-]+)""")
_MOST_ELEMENTS = 2_000_000
_MOST_ELEMENTS_OF_TREE = 500_000  # each takes some 200 bytes
_ENTITY = "<!ENTITY"


class XmlTarget:
    """Takes the parts of an XML document as they are parsed; subclasses keep what they need.

    `max_characters` bounds the text that `keep` is given. Names come without their namespace.
    """

    def __init__(self, max_characters: int) -> None:
        """Start with nothing read."""
        self.max_characters = max_characters
        self.elements = 0
        self.characters = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Count an element and hand it to `open`."""
        self.elements += 1
        if self.elements > _MOST_ELEMENTS:
            raise RefusedError(f"it has more than {_MOST_ELEMENTS:,} elements; split it")
        self.open(local_name(tag), attributes)

    def end(self, tag: str) -> None:
        """Hand the end of an element to `shut`."""
        self.shut(local_name(tag))

    def data(self, text: str) -> None:
        """Count text and hand it to `keep`."""
        self.characters += len(text)
        if self.characters > self.max_characters:
            raise RefusedError(
                f"its text has more than {self.max_characters:,} characters; split it"
            )
        self.keep(text)

    def doctype(self, *_: object) -> None:
        """Refuse a document type: only there can entities be declared."""
        raise RefusedError("it declares a document type, which no such file does; save it anew")

    def close(self) -> None:
        """End the document."""

    def open(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element."""

    def shut(self, name: str) -> None:
        """Take the end of an element."""

    def keep(self, text: str) -> None:
        """Take text."""


def local_name(tag: str) -> str:
    """Return the name of an element or attribute without its namespace.

    >>> local_name("{http://www.w3.org/2005/Atom}entry")
    'entry'
    """
    return tag.rpartition("}")[2]


def named(attributes: Mapping[str, str], wanted: str) -> str | None:
    """Return the attribute of this name in any namespace."""
    return next((value for name, value in attributes.items() if local_name(name) == wanted), None)


def feed_xml(stream: BinaryIO, target: XmlTarget, max_bytes: int) -> None:
    """Parse a stream of XML into a target, in memory that does not grow with its markup.

    Raises:
        RefusedError: it is not well-formed, or over a bound.
    """
    from lxml import etree

    parser: Any = etree.XMLParser(target=target, **_safety())
    size = 0
    try:
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > max_bytes:
                raise RefusedError(f"its XML has more than {max_bytes:,} bytes; split it")
            parser.feed(block)
        parser.close()
    except etree.LxmlError as error:
        raise RefusedError(_not_well_formed(error)) from None


def parse_xml(data: bytes) -> Any:
    """Parse a whole XML document and return its root element, without comments.

    Raises:
        RefusedError: it is not well-formed, or declares entities.
    """
    from lxml import etree

    if data.count(b"<") > 2 * _MOST_ELEMENTS_OF_TREE:
        raise RefusedError(f"it has more than {_MOST_ELEMENTS_OF_TREE:,} elements; split it")
    if any(_ENTITY.encode(form) in data for form in ("ascii", "utf-16-le", "utf-16-be")):
        raise RefusedError("it declares entities, which are not followed; save it without them")
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, **_safety())
    try:
        return etree.fromstring(data, parser)
    except etree.LxmlError as error:
        raise RefusedError(_not_well_formed(error)) from None


def reads_xml(read: Callable[[Decoded, ReadOptions], ReadItems]) -> ReadFunction:
    """Make a function that reads the text of an XML file read a stream of bytes.

    The encoding that the file declares counts if it is not UTF-8.
    """

    def read_stream(stream: BinaryIO, options: ReadOptions) -> ReadItems:
        data = read_whole(stream, options.max_article_bytes)
        declared = _DECLARED.match(data)
        charset = declared[1].decode("ascii", "replace") if declared else None
        yield from read(decode(data, encoding=options.encoding, declared=charset), options)

    return read_stream


def _safety() -> dict[str, Any]:
    return {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "huge_tree": False,
    }


def _not_well_formed(error: Exception) -> str:
    words = " ".join(str(error).split())[:200]
    return f"it is not well-formed XML ({words}); it may be cut off: get it again, or mend it"
