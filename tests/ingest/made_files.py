"""Makes small files of the formats that are not plain text, byte by byte or with `zipfile`."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
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


def pdf_of(pages: Sequence[Sequence[tuple[float, float, str]]], more: str = "") -> bytes:
    """Return a PDF of pages; each has lines of text with their places in points from below left.

    `more` stands in the dictionary of the trailer.
    """
    streams = [
        "".join(
            f"BT /F1 10 Tf {x} {y} Td ({_escaped(text)}) Tj ET\n" for x, y, text in page
        ).encode("cp1252")
        for page in pages
    ]
    return pdf_of_streams(streams, more=more)


def pdf_of_streams(streams: Sequence[bytes], *, more: str = "", coding: str = "") -> bytes:
    """Return a PDF whose pages have these streams of instructions."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, stream in enumerate(streams):
        objects += [
            (
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 "
                f"3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
            ).encode(),
            f"<< /Length {len(stream)} {coding} >>\nstream\n".encode() + stream + b"\nendstream",
        ]
    return _pdf_of_objects(objects, more)


def _pdf_of_objects(objects: Sequence[bytes], more: str) -> bytes:
    data = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size "
        f"{len(objects) + 1} /Root 1 0 R {more} >>\nstartxref\n{len(data)}\n%%EOF\n"
    )
    return data + trailer.encode()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def odt_of(body: str, *, meta: str = "", manifest: str = "") -> bytes:
    """Return an OpenDocument text with this XML in its body; text elements have the prefix t."""
    spaces = (
        'xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
    )
    content = f"<o:document-content {spaces}><o:body><o:text>{body}</o:text></o:body>"
    members = {"content.xml": f"{content}</o:document-content>"}
    if meta:
        members["meta.xml"] = f"<o:document-meta {spaces}>{meta}</o:document-meta>"
    if manifest:
        members["META-INF/manifest.xml"] = f"<manifest>{manifest}</manifest>"
    return zip_of(members)


def epub_of(documents: Mapping[str, str | bytes], metadata: str = "") -> bytes:
    """Return an EPUB with these XHTML documents, in this order."""
    items = "".join(
        f'<item id="i{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(documents)
    )
    spine = "".join(f'<itemref idref="i{number}"/>' for number in range(len(documents)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{metadata}</metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OPS/boek.opf"/></rootfiles></container>'
    )
    return zip_of(
        {
            "META-INF/container.xml": container,
            "OPS/boek.opf": package,
            **{f"OPS/{name}": content for name, content in documents.items()},
        }
    )


def page_of(text: str, head: str = "") -> str:
    """Return a web page with this text as its article."""
    return (
        f"<html><head>{head}</head><body><article><h1>Steun</h1><p>{text}</p></article></body>"
        "</html>"
    )


def warc_of(pages: Mapping[str, str], head: str = "HTTP/1.1 200 OK\r\n") -> bytes:
    """Return a crawl of these pages by their addresses."""
    records = [record_of("warcinfo", "application/warc-fields", b"software: proef\r\n")]
    for address, page in pages.items():
        answer = f"{head}Content-Type: text/html; charset=utf-8\r\n\r\n{page}".encode()
        records.append(record_of("response", "application/http; msgtype=response", answer, address))
    return b"".join(records)


def record_of(kind: str, content_type: str, content: bytes, address: str = "") -> bytes:
    """Return one record of a WARC."""
    target = f"WARC-Target-URI: {address}\r\n" if address else ""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\n{target}WARC-Date: 2024-05-06T07:08:09Z\r\n"
        f"WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def tar_of(members: Mapping[str, str | bytes]) -> bytes:
    """Return a tar with these members."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as writing:
        for name, content in members.items():
            data = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(name)
            member.size = len(data)
            writing.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def parquet_of(rows: Sequence[Mapping[str, object]], **settings: object) -> bytes:
    """Return a Parquet table of these rows."""
    import pyarrow
    from pyarrow import parquet

    packed = io.BytesIO()
    table = pyarrow.Table.from_pylist([dict(row) for row in rows])
    parquet.write_table(table, packed, **settings)
    return packed.getvalue()
