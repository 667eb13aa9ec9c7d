"""A small real file for each thing that the tables of formats in the README promise."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.ingest.made_files import (
    docx_of,
    epub_of,
    odt_of,
    page_of,
    parquet_of,
    pdf_of,
    pdf_of_streams,
    record_of,
    rtf_of,
    tar_of,
    warc_of,
    words_of,
    zip_of,
)
from tests.ingest.made_issues import alto_of, mets_of
from tests.ingest.press_layouts import nexis

TEXT = "De gemeenteraad van Waterdam stemde dinsdag in met de verbouwing van zwembad De Golf."
LONG = f"{TEXT} " * 5

Told = tuple[str | None, str | None, str]
"""The title, the day or month as ISO, and the text of an article."""


@dataclass(frozen=True, slots=True)
class Example:
    """A file, which words of its row it proves, and what is to come of it.

    `facts` are further fields of the first article. `refused` stands in the reason if the file is
    refused, and `noted` in what is told besides the articles. `beside` are files in its folder.
    """

    says: tuple[str, ...]
    name: str
    data: bytes
    told: tuple[Told, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)
    refused: str | None = None
    noted: str | None = None
    beside: Mapping[str, bytes] = field(default_factory=dict)


def _of_text(name: str, says: str, text: str, *told: Told) -> Example:
    return Example((says,), name, text.encode(), told)


_JSON = {"kop": "De Golf", "datum": "2021-03-04", "tekst": TEXT}
_ENGLISH = {"title": "De Golf", "date": "2021-03-04", "text": TEXT}
_OTHER = {"hd": "De Golf", "dd": "2021-03-04", "lap": TEXT, "www": "https://krant.example/1"}
_MAP = {"title": "hd", "date": "dd", "text": "lap", "url": "www"}
_ONE: tuple[Told, ...] = (("De Golf", "2021-03-04", TEXT),)
_USUAL = "fields with their usual Dutch or English names"
_MAPPED = "or the names given with `--map title=kop,text=body,date=datum,url=link`"


def _sheet(record: Mapping[str, str], comma: str) -> bytes:
    return "\n".join(comma.join(row) for row in (record, record.values())).encode()


def _tables() -> list[Example]:
    made = []
    for record, mapping, says in (
        (_JSON, {}, _USUAL),
        (_ENGLISH, {}, _USUAL),
        (_OTHER, _MAP, _MAPPED),
    ):
        lines = json.dumps(record).encode()
        for name, data in (
            ("a.jsonl", lines),
            ("a.json", b"[%s]" % lines),
            ("a.csv", _sheet(record, ";")),
            ("a.tsv", _sheet(record, "\t")),
        ):
            facts = {"url": _OTHER["www"]} if mapping else {}
            made.append(Example((says,), name, data, _ONE, facts, mapping))
    return made


_META = (
    '<meta property="article:published_time" content="2021-03-04">'
    '<meta property="og:title" content="De Golf"><meta property="og:site_name" content="Courant">'
)
_HEADLINE = "<html><body><article><h1>De Golf</h1>{below}<p>{text}</p></article></body></html>"
_DATED = "De Golf\nGepubliceerd op 4 maart 2021\n"
_TEASERS = "".join(f"<h2><a href='/{n}'>Bericht {n}</a></h2><p>Lees meer.</p>" for n in range(9))

_CHANGED = (
    "<w:p><w:del><w:r><w:delText>Oud. </w:delText></w:r></w:del><w:ins><w:r><w:t>Nieuw. </w:t>"
    "</w:r></w:ins><w:r><w:t>Tekst.</w:t></w:r></w:p>"
)
_NOTED = '<w:p><w:r><w:t>Tekst.</w:t><w:footnoteReference w:id="1"/></w:r></w:p>'
_ODT_ASIDE = (
    "<t:tracked-changes><t:changed-region><t:deletion><t:p>weg</t:p></t:deletion>"
    "</t:changed-region></t:tracked-changes><t:p>Tekst<t:note><t:note-body><t:p>noot</t:p>"
    "</t:note-body></t:note>.</t:p>"
)
_COLUMNS = [
    *((60.0, 700.0 - 12 * n, f"Links regel {n} van het stuk") for n in range(3)),
    *((310.0, 700.0 - 12 * n, f"Rechts regel {n} van het stuk") for n in range(3)),
]
_COLUMNS_TEXT = (
    "\n".join(f"Links regel {n} van het stuk" for n in range(3))
    + "\n\n"
    + "\n".join(f"Rechts regel {n} van het stuk" for n in range(3))
    + "\n\f"
)
_HEADED = [[(60.0, 820.0, "De Courant"), (60.0, 600.0, f"Pagina {at} hier.")] for at in "abcd"]
_EPUB = (
    "<dc:title>Courant</dc:title><dc:creator>Jo Smit</dc:creator><dc:date>2021-03-04</dc:date>"
    "<dc:language>nl</dc:language>"
)
_MAIL = (
    "From: De Courant <krant@example.org>\r\nSubject: De Golf\r\n"
    "Date: Thu, 4 Mar 2021 10:00:00 +0100\r\nMIME-Version: 1.0\r\n"
)
_MIXED = (
    f'{_MAIL}Content-Type: multipart/mixed; boundary="X"\r\n\r\n--X\r\n'
    "Content-Type: text/plain\r\n\r\nKort.\r\n--X\r\nContent-Type: text/html\r\n\r\n"
    f'<p>{TEXT}</p>\r\n--X\r\nContent-Type: image/png; name="foto.png"\r\n'
    "Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--X--\r\n"
)
_MAILBOX = (
    f"From krant Thu Mar  4 10:00:00 2021\r\nMessage-ID: <1@krant.example>\r\n{_MAIL}\r\n{TEXT}"
    f"\r\n\r\nFrom krant Thu Mar  4 11:00:00 2021\r\n{_MAIL}\r\n\r\n"
    "From krant Thu Mar  4 12:00:00 2021\r\nFrom: De Brug <b@example.org>\r\nSubject: De brug"
    "\r\n\r\nKort.\r\n"
)
_RSS = (
    "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
    "<title>Courant</title>"
    f"<item><title>De Golf</title><pubDate>Thu, 04 Mar 2021 10:00:00 GMT</pubDate>"
    f"<description>Kort.</description><content:encoded>{TEXT}</content:encoded></item>"
    "<item><title>De brug</title><description>De brug is dicht.</description></item>"
    "</channel></rss>"
)
_ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><title>Courant</title><entry><title>De Golf</title>"
    f"<id>urn:1</id><updated>2024-01-01T10:00:00Z</updated><content>{TEXT}</content></entry></feed>"
)
_JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Courant",
    "items": [
        {"id": "1", "title": "De Golf", "content_text": TEXT, "date_published": "2021-03-04"}
    ],
}
_ALTO_LINES = "".join(
    f'<TextLine><String CONTENT="{one}"/><SP/><String CONTENT="regel"/></TextLine>'
    for one in ("eerste", "tweede")
)
_ALTO = (
    f"<alto><Layout><Page><PrintSpace><TextBlock>{_ALTO_LINES}</TextBlock></PrintSpace></Page>"
    "</Layout></alto>"
)
_PAGE_LINES = "".join(
    f"<TextLine><TextEquiv><Unicode>{one} regel</Unicode></TextEquiv></TextLine>"
    for one in ("eerste", "tweede")
)
_PAGE = f"<PcGts><Page><TextRegion id='a'>{_PAGE_LINES}</TextRegion></Page></PcGts>"
_LINES: tuple[Told, ...] = ((None, None, "eerste regel\ntweede regel\n\f"),)
_CRAWL = {
    "https://www.krant.example/1": page_of(LONG, _META.replace("og:site_name", "x")),
    "https://www.krant.example/2": page_of(LONG),
}
_GONE = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n" + page_of(LONG).encode()
_CRAWLED: tuple[Told, ...] = (
    ("De Golf", "2021-03-04", f"Steun\n{LONG.strip()}"),
    ("Steun", None, f"Steun\n{LONG.strip()}"),
)
_WET = record_of("conversion", "text/plain", f"De Golf\n{TEXT}".encode(), "https://krant.example/1")
_MEMBERS: dict[str, str | bytes] = {"a.csv": _sheet(_JSON, ";"), "foto.jpg": b"x"}

FORMATS: dict[str, list[Example]] = {
    ".txt": [
        _of_text("a.txt", "an optional first line ` date 2021-12`", f" date 2021-12\n{TEXT}",
                 (None, "2021-12", TEXT)),
        _of_text("a.txt", "or ` date 2021-12-17` before the text", f" date 2021-12-17\n{TEXT}",
                 (None, "2021-12-17", TEXT)),
        _of_text("a.txt", "or lines such as `Datum: 3 januari 2022` with a blank line below them",
                 f"Titel: De Golf\nDatum: 3 januari 2022\n\n{TEXT}",
                 ("De Golf", "2022-01-03", TEXT)),
        _of_text("a.txt", "or a first line that is a day", f"3 januari 2022\n\n{TEXT}",
                 (None, "2022-01-03", TEXT)),
    ],
    ".md": [
        _of_text("a.md", "YAML front matter", f"---\ntitle: De Golf\ndate: 2021-03-04\n---\n{TEXT}",
                 *_ONE),
        _of_text("a.md", "without a title there, the first heading",
                 f"---\ndate: 2021-03-04\n---\n# De Golf\n\n{TEXT}",
                 ("De Golf", "2021-03-04", f"# De Golf\n\n{TEXT}")),
    ],
    ".jsonl": _tables(),
    ".html": [
        Example(("the metadata of the page", "trafilatura extracts the text"), "a.html",
                page_of(LONG, _META).encode(),
                (("De Golf", "2021-03-04", f"Steun\n{LONG.strip()}"),),
                {"source": "Courant"}),
        Example(("else a time",), "a.html",
                _HEADLINE.format(below='<time datetime="2021-03-04">donderdag</time>', text=LONG)
                .encode(), (("De Golf", "2021-03-04", f"De Golf\n{LONG.strip()}"),)),
        Example(("or \"Gepubliceerd op …\" below the headline",), "a.html",
                _HEADLINE.format(below="<p>Gepubliceerd op 4 maart 2021</p>", text=LONG).encode(),
                (("De Golf", "2021-03-04", f"{_DATED}{LONG.strip()}"),)),
        Example(("Front pages are refused",), "a.html",
                f"<html><body>{_TEASERS}</body></html>".encode(), refused="this is a front page"),
    ],
    ".docx": [
        Example(("the first paragraph in a style of a title",), "a.docx",
                docx_of(words_of("De Golf", style="Title") + words_of(TEXT)),
                (("De Golf", None, f"De Golf\n\n{TEXT}"),)),
        Example(("else the properties of the document",), "a.docx",
                docx_of(words_of(TEXT), "<dc:title>De Golf</dc:title>"),
                (("De Golf", None, TEXT),)),
        Example(("the text as it stands after tracked changes",), "a.docx", docx_of(_CHANGED),
                ((None, None, "Nieuw. Tekst."),)),
        Example(("without notes, headers and footers",), "a.docx", docx_of(_NOTED),
                ((None, None, "Tekst."),), noted="1 notes were left out"),
    ],
    ".odt": [
        Example(("the first heading of the first level",), "a.odt",
                odt_of(f"<t:h t:outline-level='1'>De Golf</t:h><t:p>{TEXT}</t:p>"),
                (("De Golf", None, f"De Golf\n\n{TEXT}"),)),
        Example(("else the properties of the document",), "a.odt",
                odt_of(f"<t:p>{TEXT}</t:p>", meta="<dc:title>De Golf</dc:title>"),
                (("De Golf", None, TEXT),)),
        Example(("without deleted text, remarks and notes",), "a.odt", odt_of(_ODT_ASIDE),
                ((None, None, "Tekst."),)),
    ],
    ".rtf": [
        Example(("no title", "each paragraph is a paragraph of the text"), "a.rtf",
                rtf_of(TEXT, "Tweede alinea."), ((None, None, f"{TEXT}\n\nTweede alinea."),)),
    ],
    ".pdf": [
        Example(("no title", "the text in reading order, column by column"), "a.pdf",
                pdf_of([_COLUMNS[::-1]]), ((None, None, _COLUMNS_TEXT),)),
        Example(("without the lines that return at the edges of pages",
                 "a form feed ends each page, so every quote has its page number (\"p. 3\", `page` "
                 "in JSON)"), "a.pdf", pdf_of(_HEADED),
                ((None, None, "\n\f".join(f"Pagina {at} hier.\n" for at in "abcd") + "\f"),)),
        Example(("Pages that are pictures need OCR first",), "a.pdf",
                pdf_of_streams([b"0 0 10 10 re f\n"]), refused="read them with OCR first"),
        Example(("an export of a press database is refused",), "a.pdf",
                pdf_of([[(40.0, 800.0 - 9 * at, line.strip()) for at, line in
                         enumerate(nexis().replace("é", "e").replace("ë", "e").split("\n"))
                         if line.strip()]]), refused="this is an export of Nexis"),
        Example(("Needs `[pdf]`",), "a.pdf", pdf_of([_COLUMNS]), refused="dateline-qa[pdf]"),
    ],
    ".epub": [
        Example(("an article for each document in it, with its first heading",
                 "source, author and date from the EPUB"), "a.epub",
                epub_of({"a.xhtml": f"<html><body><h1>De Golf</h1><p>{TEXT}</p></body></html>",
                         "b.xhtml": f"<html><body><h2>De brug</h2><p>{TEXT}</p></body></html>"},
                        _EPUB),
                (("De Golf", "2021-03-04", f"De Golf\n\n{TEXT}"),
                 ("De brug", "2021-03-04", f"De brug\n\n{TEXT}")),
                {"source": "Courant", "author": "Jo Smit"}),
    ],
    ".eml": [
        Example(("subject, sender and day of sending", "the plain text"), "a.eml",
                f"{_MAIL}\r\n{TEXT}\r\n".encode(), _ONE, {"source": "De Courant"}),
        Example(("or the HTML if that says more", "What is attached is named"), "a.eml",
                _MIXED.encode(), _ONE, noted="foto.png"),
    ],
    ".mbox": [
        Example(("a mailbox, such as a folder of newsletters: an article for each mail, read as "
                 "`.eml` is", "Its Message-ID is its id", "Mails without text are refused one by "
                 "one"), "a.mbox", _MAILBOX.encode(), (*_ONE, ("De brug", None, "Kort.")),
                {"id": "1@krant.example", "source": "De Courant"}, noted="no text in the mail"),
    ],
    ".rss": [
        Example(("an article for each item: its content, else its summary",), "a.rss",
                _RSS.encode(), (*_ONE, ("De brug", None, "De brug is dicht."))),
        Example(("The day of the last change is never its date",), "a.atom", _ATOM.encode(),
                (("De Golf", None, TEXT),)),
        Example(("JSON Feed is recognised in `.json`",), "a.json", json.dumps(_JSON_FEED).encode(),
                _ONE, {"source": "Courant"}),
    ],
    ".xml": [
        Example(("RSS or Atom",), "a.xml", _RSS.encode(),
                (*_ONE, ("De brug", None, "De brug is dicht."))),
        Example(("RSS or Atom",), "a.xml", _ATOM.encode(), (("De Golf", None, TEXT),)),
        Example(("METS with its ALTO pages beside it", "the articles that it names",
                 "day and title of the paper"), "a.xml",
                mets_of(["1.xml"], {"De Golf": [(1, "b1")]}),
                (("De Golf", "1921-03-04", "Dicht."),),
                {"source": "De Waterdamse Courant"}, beside={"1.xml": alto_of({"b1": "Dicht."})}),
        Example(("else each page",), "a.xml", mets_of(["1.xml"], {}),
                ((None, "1921-03-04", "Dicht."),), beside={"1.xml": alto_of({"b1": "Dicht."})}),
        Example(("ALTO", "one article, lines as they are printed, a form feed after each page"),
                "a.xml", _ALTO.encode(), _LINES),
        Example(("PAGE-XML",), "a.xml", _PAGE.encode(), _LINES),
        Example(("OCR texts of Delpher (title and paragraphs)",), "a.xml",
                f"<text><title>De Golf</title><p>{TEXT}</p><p>Twee.</p></text>".encode(),
                (("De Golf", None, f"{TEXT}\n\nTwee."),)),
        Example(("The root element decides",), "a.xml", b"<boek/>",
                refused="root element 'boek' is not known"),
    ],
    ".warc": [
        Example(("each page that was delivered, read as `.html` is",
                 "address and site come from the record",
                 "The day of the crawl is never its date"), "a.warc",
                warc_of(_CRAWL) + record_of("response", "application/http; msgtype=response",
                                            _GONE, "https://krant.example/weg"),
                _CRAWLED, {"url": "https://www.krant.example/1", "source": "krant.example"}),
        Example(("address and site come from the record",), "a.wet", _WET,
                ((None, None, f"De Golf\n{TEXT}"),), {"url": "https://krant.example/1"}),
    ],
    ".parquet": [
        Example(("columns, as in `.csv`", "read part by part"), "a.parquet",
                parquet_of([_JSON] * 3, row_group_size=1), _ONE * 3),
        Example(("Needs `[parquet]`",), "a.parquet", parquet_of([_JSON]),
                refused="dateline-qa[parquet]"),
    ],
    ".zip": [
        Example(("each file in it is read in its own format", "ids get its name",
                 "Other kinds are passed over with a note"), "a.zip", zip_of(_MEMBERS), _ONE,
                {"id": "a#a#1"}, noted="passed over (1 .jpg)"),
        Example(("each file in it is read in its own format",
                 "Other kinds are passed over with a note"), "a.tar", tar_of(_MEMBERS), _ONE,
                noted="passed over (1 .jpg)"),
        Example(("of `.wacz`, the crawls",), "a.wacz",
                zip_of({"archive/a.warc.gz": gzip.compress(warc_of(_CRAWL)), "pages.jsonl": "{}"}),
                _CRAWLED),
    ],
}  # fmt: skip
"""The examples of each row, by its first suffix."""
