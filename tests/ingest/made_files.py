"""Makes small files of the formats that are not plain text, byte by byte or with `zipfile`."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CORE = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
)


def zip_of(members: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip with these members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as writing:
        for name, content in members.items():
            writing.writestr(name, content)
    return packed.getvalue()


def docx_of(body: str, properties: str = "", head: str = "") -> bytes:
    """Return a Word document with this XML between its `w:body` tags."""
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="word/document.xml" Type="http://schemas.openxmlformats.org'
        '/officeDocument/2006/relationships/officeDocument"/></Relationships>'
    )
    members = {
        "_rels/.rels": relations,
        "word/document.xml": f"{head}<w:document {WORD}><w:body>{body}</w:body></w:document>",
    }
    if properties:
        core = f"<cp:coreProperties {CORE}>{properties}</cp:coreProperties>"
        members["docProps/core.xml"] = core
    return zip_of(members)


def words_of(*paragraphs: str, style: str = "") -> str:
    """Return the XML of paragraphs of a Word document."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return "".join(
        f"<w:p>{properties}<w:r><w:t>{escape(each)}</w:t></w:r></w:p>" for each in paragraphs
    )


def rtf_of(*paragraphs: str) -> bytes:
    """Return an RTF document of these paragraphs."""
    coded = "\\par\n".join(
        "".join(
            each if each.isascii() else "".join(f"\\u{ord(letter)}?" for letter in each)
            for each in words
        )
        for words in paragraphs
    )
    return b"{\\rtf1\\ansi\\ansicpg1252 " + coded.encode("ascii") + b"}"
