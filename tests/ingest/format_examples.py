"""A small example of every format of the registry, each with the same sentences."""

from __future__ import annotations

import gzip
import json

from tests.ingest.made_files import (
    docx_of,
    epub_of,
    odt_of,
    page_of,
    parquet_of,
    pdf_of,
    rtf_of,
    tar_of,
    warc_of,
    words_of,
    zip_of,
)
from tests.ingest.made_issues import mets_of
from tests.ingest.press_layouts import (
    as_page,
    factiva,
    factiva_page,
    gopress,
    mediargus,
    nexis,
    nexis_uni,
)

TEXT = "De Kamer stemde dinsdag in met het noodpakket voor Oekraïne. Het kabinet is opgelucht."
CONTENT: dict[str, str | bytes] = {
    "txt": TEXT,
    "md": TEXT,
    "jsonl": json.dumps({"text": TEXT}),
    "json": json.dumps([{"text": TEXT}]),
    "csv": f"datum;tekst\n2022-03-01;{TEXT}\n",
    "tsv": f"datum\ttekst\n2022-03-01\t{TEXT}\n",
    "html": page_of(TEXT),
    "docx": docx_of(words_of(TEXT)),
    "rtf": rtf_of(TEXT),
    "odt": odt_of(f"<t:p>{TEXT}</t:p>"),
    "epub": epub_of({"a.xhtml": f"<html><body><p>{TEXT}</p></body></html>"}),
    "mail": f"From: De Krant <krant@example.org>\r\n\r\n{TEXT}\r\n".encode(),
    "mbox": f"From - Tue Mar  1 10:00:00 2022\nFrom: krant@example.org\n\n{TEXT}\n".encode(),
    "feed": f"<rss version='2.0'><channel><item><description>{TEXT}</description></item>"
    "</channel></rss>".encode(),
    "xml": f"<text><p>{TEXT}</p></text>".encode(),
    "warc": warc_of({"https://krant.example/1": page_of(TEXT)}),
    "parquet": parquet_of([{"tekst": TEXT}]),
    "zip": zip_of({"krant/a.txt": TEXT}),
    "tar": tar_of({"krant/a.txt": TEXT}),
    "wacz": zip_of(
        {"archive/a.warc.gz": gzip.compress(warc_of({"https://k.example/1": page_of(TEXT)}))}
    ),
    "pdf": pdf_of([[(40, 700, TEXT)]]),
}

_BLOG = {
    "@type": "LiveBlogPosting",
    "liveBlogUpdate": [
        {
            "@type": "BlogPosting",
            "headline": "Tien",
            "articleBody": TEXT,
            "datePublished": "2022-03-01T10:00:00Z",
        },
        {
            "@type": "BlogPosting",
            "headline": "Elf",
            "articleBody": TEXT,
            "datePublished": "2022-03-01T11:00:00Z",
        },
    ],
}
_MAIL = f"""From: =?utf-8?q?De_Kr=C3=A4nt?= <krant@example.org>
Subject: =?utf-8?b?w4lw?=
Date: Tue, 1 Mar 2022 10:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="X"

--X
Content-Type: multipart/alternative; boundary="Y"

--Y
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

{TEXT}
--Y
Content-Type: text/html

<p>{TEXT}</p>
--Y--
--X
Content-Type: image/png; name="a.png"
Content-Transfer-Encoding: base64

AAAA
--X--
"""
_ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>De Krant</title><entry><title>Steun</title>
<id>urn:1</id><published>2022-03-01T10:00:00Z</published><link href="https://krant.example/1"/>
<content type="html">&lt;p&gt;{TEXT}&lt;/p&gt;</content></entry></feed>"""
_ALTO = (
    '<?xml version="1.0" encoding="utf-8"?><alto><Layout><Page><PrintSpace><TextBlock><TextLine>'
    '<String CONTENT="De"/><SP/><String CONTENT="burge"/><HYP CONTENT="-"/></TextLine><TextLine>'
    '<String CONTENT="meester"/></TextLine></TextBlock></PrintSpace></Page></Layout></alto>'
)
_SCAN = (
    "<PcGts><Page><ReadingOrder><OrderedGroup><RegionRefIndexed index='0' regionRef='a'/>"
    "</OrderedGroup></ReadingOrder><TextRegion id='a'><TextLine><TextEquiv index='0'><Unicode>"
    f"{TEXT}</Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>"
)
_RECORD = {
    "id": 7,
    "kop": "Steun",
    "datum": "3/1/2022",
    "tekst": TEXT,
    "bron": "De Krant",
    "x": [1, {"y": None}],
}
_PAPERS = [
    nexis(),
    nexis("nl"),
    nexis_uni(),
    factiva(),
    factiva(codes=True),
    mediargus(),
    gopress(),
]

MORE: dict[str, list[bytes]] = {
    "txt": [f" date 2022-03-01\n{TEXT}".encode(), f"Datum: 1 maart 2022\n\n{TEXT}".encode()]
    + [paper.encode() for paper in _PAPERS],
    "md": [f"---\ntitle: Steun\ndate: 2022-03-01\ntags: [a, b]\n---\n# Kop\n\n{TEXT}".encode()],
    "jsonl": [f"{json.dumps(_RECORD)}\n".encode() * 3],
    "json": [
        json.dumps({"articles": [_RECORD, _RECORD | {"id": 8}]}).encode(),
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "items": [{"id": "1", "content_html": TEXT}],
            }
        ).encode(),
    ],
    "csv": [
        f'sep=;\nid;kop;datum;tekst\n1;Steun;13/1/2022;"{TEXT}"\n2;Nee;1/2/2022;{TEXT}\n'.encode()
    ],
    "html": [
        page_of(
            TEXT * 4, f'<script type="application/ld+json">{json.dumps(_BLOG)}</script>'
        ).encode(),
        page_of(TEXT * 4, '<meta property="article:published_time" content="2022-03-01">').encode(),
        factiva_page().encode(),
        as_page(nexis()).encode(),
    ],
    "docx": [
        docx_of(words_of(*nexis_uni().split("\n"))),
        docx_of(words_of("Steun", style="Title") + words_of(TEXT), "<dc:title>Steun</dc:title>"),
    ],
    "rtf": [
        rtf_of(*nexis().split("\n")),
        rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\x{\pict 00ff}}\u233?\'e9\par\bin3 abc Tekst.}",
    ],
    "odt": [
        odt_of(
            f"<t:h t:outline-level='1'>Steun</t:h><t:p>{TEXT}<t:s t:c='3'/></t:p>",
            meta="<dc:title>S</dc:title>",
        )
    ],
    "epub": [
        epub_of({"a.xhtml": page_of(TEXT), "b.xhtml": page_of(TEXT)}, "<dc:date>2022</dc:date>")
    ],
    "mail": [_MAIL.replace("\n", "\r\n").encode()],
    "mbox": [f"From krant Tue Mar  1 10:00:00 2022\n{_MAIL}\n".encode() * 3],
    "feed": [_ATOM.encode()],
    "xml": [
        mets_of(["1.xml"], {"Steun": [(1, "b1")]}),
        _ATOM.encode(),
        _ALTO.encode(),
        _SCAN.encode(),
    ],
    "warc": [
        warc_of(
            {f"https://krant.example/{at}": page_of(TEXT) for at in range(3)},
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n",
        )
    ],
    "parquet": [parquet_of([_RECORD | {"x": None}] * 3, compression="gzip")],
    "zip": [
        zip_of(
            {
                f"a{known}": CONTENT[name]
                for known, name in ((".docx", "docx"), (".csv", "csv"), (".html", "html"))
            }
        )
    ],
    "tar": [
        tar_of(
            {
                f"a{known}": CONTENT[name]
                for known, name in ((".docx", "docx"), (".csv", "csv"), (".eml", "mail"))
            }
        )
    ],
    "pdf": [pdf_of([[(40, 700, TEXT), (40, 680, TEXT), (300, 40, "3")]] * 3)],
}
"""Larger examples, with what makes each format hard to read."""


def content_of(name: str) -> bytes:
    content = CONTENT[name]
    return content.encode() if isinstance(content, str) else content
