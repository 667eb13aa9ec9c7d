from __future__ import annotations

import gzip
import json
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index_store.records import UNKNOWN_DATE
from qa.ingest.article_fields import ReadArticle
from qa.ingest.refusals import Refusal
from tests.ingest.format_checks import MEGABYTE, only, read, refusal, within, within_megabytes
from tests.ingest.made_files import page_of, record_of, warc_of, zip_of

TEXT = "De gemeenteraad van Waterdam stemde dinsdag in met de verbouwing van het zwembad. " * 4
DATED = '<meta property="article:published_time" content="2021-03-04T10:00:00+01:00">'
PAGES = {
    "https://www.krant.example/1": page_of(TEXT + "Eén.", DATED),
    "https://www.krant.example/2": page_of(TEXT + "Twee."),
}
HTTP = "application/http; msgtype=response"


def articles(data: bytes, form: str = "warc") -> list[ReadArticle]:
    return [one for one in read(data, form) if isinstance(one, ReadArticle)]


def test_the_pages_of_a_crawl_are_articles_and_its_date_is_not_theirs() -> None:
    first, second = (one.article for one in articles(warc_of(PAGES)))
    assert first.text.endswith("Eén.")
    assert (first.published.first, second.published) == (date(2021, 3, 4), UNKNOWN_DATE)
    assert (first.url, first.source) == ("https://www.krant.example/1", "krant.example")
    assert (first.id, second.id) == ("krant.warc#1", "krant.warc#2")


def test_a_crawl_packed_record_by_record_or_as_a_whole_is_read() -> None:
    whole = warc_of(PAGES)
    cut = whole.index(b"WARC/1.0", 10)
    by_record = gzip.compress(whole[:cut]) + gzip.compress(whole[cut:])
    for packed in (gzip.compress(whole), by_record):
        assert [one.article.text for one in articles(packed, "warc.gz")] == [
            one.article.text for one in articles(whole)
        ]
    assert len(articles(zip_of({"archive/a.warc.gz": by_record, "pages.jsonl": "{}"}), "wacz")) == 2


def test_only_pages_that_were_delivered_are_read() -> None:
    data = (
        warc_of({"https://a.example/weg": page_of(TEXT)}, head="HTTP/1.1 404 Not Found\r\n")
        + record_of(
            "request",
            "application/http; msgtype=request",
            b"GET / HTTP/1.1\r\n\r\n",
            "https://a.example",
        )
        + record_of(
            "response",
            HTTP,
            b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nx",
            "https://a.example/p",
        )
        + record_of("metadata", "text/html", page_of(TEXT).encode(), "https://a.example")
        + record_of("resource", "text/html", page_of(TEXT).encode(), "https://a.example/r")
    )
    (one,) = articles(data)
    assert one.article.url == "https://a.example/r"
    assert "no pages among its 2 records" in refusal(
        warc_of({"https://a.example/weg": "x"}, head="HTTP/1.1 404 Not Found\r\n"), "warc"
    )


def test_the_texts_of_a_wet_file_are_articles() -> None:
    data = record_of("conversion", "text/plain", f"Kop\n{TEXT}".encode(), "http://b.example/x")
    article = only(data, "warc").article
    assert article.text == f"Kop\n{TEXT}"
    assert (article.source, article.published) == ("b.example", UNKNOWN_DATE)


@pytest.mark.parametrize("coding", ["gzip", "chunked"])
def test_an_answer_that_is_coded_is_decoded(coding: str) -> None:
    page = page_of(TEXT).encode()
    if coding == "gzip":
        head, body = b"Content-Encoding: gzip", gzip.compress(page)
    else:
        head, body = b"Transfer-Encoding: chunked", b"%x\r\n%s\r\n0\r\n\r\n" % (len(page), page)
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + head + b"\r\n\r\n" + body
    assert (
        "Waterdam"
        in only(record_of("response", HTTP, answer, "https://a.example"), "warc").article.text
    )


def test_a_page_without_an_article_is_refused_by_its_address() -> None:
    found = read(warc_of({"https://a.example/leeg": "<p>x</p>", **PAGES}), "warc")
    assert isinstance(found[0], Refusal)
    assert found[0].reason.startswith("https://a.example/leeg: ")
    assert len(found) == 3


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no pages"),
        (b"tekst\r\n", "no WARC"),
        (b"WARC/1.0\r\n" + b"x" * 9 * MEGABYTE, "head that does not end"),
        (b"WARC/1.0\r\n" + b"X: y\r\n" * MEGABYTE, "head that does not end"),
    ],
)
def test_a_bad_crawl_is_refused_with_the_remedy(data: bytes, reason: str) -> None:
    with within(10):
        assert reason in refusal(data, "warc")


@pytest.mark.parametrize(
    ("named", "wrong", "reason"),
    [
        (rb"WARC-Target-URI: \S+\r\n", b"", "has no address (WARC-Target-URI)"),
        (rb"Content-Length: \d+", b"Content-Length: " + b"9" * 19, "a length that no file has"),
        (rb"Content-Length: \d+", b"Content-Length: " + b"9" * 50, "a length that no file has"),
    ],
)
def test_what_is_wrong_with_a_record_is_told_in_words(
    named: bytes, wrong: bytes, reason: str
) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page_of(TEXT).encode()
    record = re.sub(named, wrong, record_of("response", HTTP, answer, "https://a.example"))
    *before, told = read(warc_of(PAGES) + record, "warc")
    assert len(before) == 2
    assert isinstance(told, Refusal)
    assert reason in told.reason
    assert "object" not in told.reason


def test_a_crawl_that_is_cut_off_gives_what_came_before(capfd: pytest.CaptureFixture[str]) -> None:
    data = gzip.compress(warc_of(PAGES)) + b"\x1f\x8b\x08rommel"
    assert len(articles(data, "warc.gz")) == 2
    lying = warc_of(PAGES).replace(b"Content-Length: ", b"Content-Length: 9", 1)
    read(lying + b"\x1b[31mrommel\r\n", "warc")
    assert capfd.readouterr() == ("", "")


def test_a_page_that_unpacks_to_too_much_is_refused_alone() -> None:
    bomb = gzip.compress(b"<p>" + b"x" * 60 * MEGABYTE)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
    data = record_of("response", HTTP, head + bomb, "https://a.example") + warc_of(PAGES)
    with within(20):
        assert len(articles(data)) == 2
    with within_megabytes(60):
        found = read(
            record_of("response", HTTP, head + bomb, "https://a.example"),
            "warc",
            max_article_bytes=MEGABYTE,
        )
    assert "bytes an article may have" in found[0].reason if isinstance(found[0], Refusal) else ""


WARC = warc_of(PAGES)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(WARC) - 1), st.binary(max_size=3))
def test_wrong_bytes_in_a_crawl_raise_nothing(at: int, wrong: bytes) -> None:
    read(WARC[:at] + wrong + WARC[at + 2 :], "warc")
    read(WARC[:at] + wrong, "warc")


# Live blogs


def blog(updates: object, kind: str = "LiveBlogPosting", wrap: bool = False) -> bytes:
    value: object = {
        "@type": ["NewsArticle", kind],
        "headline": "Storm over Waterdam",
        "datePublished": "2022-02-18T06:00:00+01:00",
        "publisher": {"@type": "Organization", "name": "De Golf"},
        "liveBlogUpdate": updates,
    }
    value = {"@graph": [{"@type": "WebSite"}, value]} if wrap else value
    script = f'<script type="application/ld+json">{json.dumps(value)}</script>'
    return page_of(TEXT, script).encode()


UPDATES = [
    {
        "@type": "BlogPosting",
        "headline": "Dijk houdt",
        "articleBody": "<p>De dijk <b>houdt</b> het.</p><p>Iedereen is thuis.</p>",
        "datePublished": "2022-02-19T00:30:00+01:00",
    },
    {"@type": "BlogPosting", "articleBody": "Bomen op de weg.", "datePublished": "2022-02-18"},
    {"@type": "BlogPosting", "headline": "Code rood", "datePublished": "2022-02-18"},
    {"@type": "BlogPosting", "articleBody": "", "datePublished": "2022-02-17"},
    {"@type": "BlogPosting", "articleBody": "Fout.", "datePublished": "2022-02-31"},
]


@pytest.mark.parametrize("wrap", [False, True])
def test_each_update_of_a_live_blog_is_an_article_of_one_source(wrap: bool) -> None:
    found = read(blog(UPDATES[:3], wrap=wrap), "html")
    made = [one.article for one in found if isinstance(one, ReadArticle)]
    assert [one.text for one in made] == [
        "Code rood",
        "Bomen op de weg.",
        "De dijk houdt het.\n\nIedereen is thuis.",
    ]
    assert [str(one.published.first) for one in made] == ["2022-02-18", "2022-02-18", "2022-02-19"]
    assert {one.source for one in made} == {"De Golf"}
    assert [one.title for one in made] == ["Code rood", "Storm over Waterdam", "Dijk houdt"]
    assert [one.id for one in made] == ["krant.html#1", "krant.html#2", "krant.html#3"]


def test_an_update_that_cannot_be_read_is_refused_and_the_others_go_in() -> None:
    found = read(blog(UPDATES), "html")
    reasons = [one.reason for one in found if isinstance(one, Refusal)]
    assert len(reasons) == 2
    assert "no day 31" in "".join(reasons)
    assert "no text" in "".join(reasons)


@pytest.mark.parametrize("updates", [[], None, "x", 3, [[]], {"articleBody": "Een."}])
def test_a_page_with_strange_updates_is_still_read(updates: object) -> None:
    (one,) = read(blog(updates), "html")
    assert isinstance(one, ReadArticle)
    assert one.article.text in ("Een.", "Steun\n" + TEXT.strip())
