from __future__ import annotations

import json
from datetime import date

import pytest

from index_store.records import UNKNOWN_DATE, Article
from qa.ingest.article_fields import ReadArticle
from qa.ingest.formats.markup_text import text_of_html
from qa.ingest.refusals import Refusal
from tests.ingest.format_checks import MEGABYTE, only, read, refusal, within

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Polderblad &amp; Co</title><language>nl-NL</language>
<lastBuildDate>Mon, 06 Jan 2025 08:00:00 +0100</lastBuildDate>
<item><title>Rector vertrekt</title><link>https://polderblad.example/1</link>
<pubDate>Thu, 09 Sep 2021 08:00:00 +0200</pubDate><category>Onderwijs</category>
<dc:creator>Jo Smit</dc:creator><description>Kort.</description>
<content:encoded><![CDATA[<p>Rector <b>Anna Smit</b> verlaat het college.</p><p>Eén jaar.</p>
<script>alert(1)</script>]]></content:encoded></item>
<item><title>Zonder datum</title><description>Alleen een samenvatting &lt;i&gt;hier&lt;/i&gt;.
</description><atom:updated>2022-01-01T00:00:00Z</atom:updated></item>
<item><title>Leeg</title></item>
</channel></rss>"""


def articles(data: str | bytes, form: str = "feed") -> list[Article]:
    raw = data.encode() if isinstance(data, str) else data
    return [one.article for one in read(raw, form) if isinstance(one, ReadArticle)]


@pytest.mark.parametrize("form", ["feed", "xml"])
def test_the_items_of_an_rss_feed_are_articles(form: str) -> None:
    first, second = articles(RSS, form)
    assert first.text == "Rector Anna Smit verlaat het college.\n\nEén jaar."
    assert (first.title, first.author, first.section) == (
        "Rector vertrekt",
        "Jo Smit",
        "Onderwijs",
    )
    assert (first.source, first.language) == ("Polderblad & Co", "nl")
    assert (first.published.first, first.url) == (date(2021, 9, 9), "https://polderblad.example/1")
    assert second.text == "Alleen een samenvatting hier."
    assert second.published == UNKNOWN_DATE
    (left,) = [one for one in read(RSS.encode(), form) if isinstance(one, Refusal)]
    assert left.reason.startswith("item 3: there is no text")


def test_an_atom_feed_gives_the_day_of_publication_and_not_of_the_last_change() -> None:
    entry = (
        "<entry><title type='html'>De &amp;lt;b&amp;gt;dijk&amp;lt;/b&amp;gt;</title><link href='https://a.example/{0}'/>"
        "{1}<updated>2022-05-05T10:00:00Z</updated><author><name>Ada</name></author>"
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Tekst.</p></div>"
        "</content></entry>"
    )
    feed = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>De Dijk</title>"
        + entry.format(1, "<published>2021-12-31T23:30:00+01:00</published>")
        + entry.format(2, "")
        + "</feed>"
    )
    first, second = articles(feed)
    assert (first.published.first, second.published) == (date(2021, 12, 31), UNKNOWN_DATE)
    assert (first.text, first.author, first.source) == ("Tekst.", "Ada", "De Dijk")


def test_the_only_date_of_rss_1_is_the_day_of_publication() -> None:
    feed = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel><title>Oud</title></channel><item><title>t</title><description>Tekst."
        "</description><dc:date>2006-03-04</dc:date></item></rdf:RDF>"
    )
    (article,) = articles(feed, "xml")
    assert article.published.first == date(2006, 3, 4)


def test_a_feed_is_decoded_as_it_declares() -> None:
    source = RSS.replace("UTF-8", "ISO-8859-1").encode("latin-1")
    assert "Eén jaar" in articles(source)[0].text


JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "De Dijk",
    "language": "nl",
    "items": [
        {
            "id": "1",
            "title": "Kop",
            "content_html": "<p>Een.</p><p>Twee.</p>",
            "date_published": "2021-12-17T10:00:00+01:00",
            "date_modified": "2023-01-01",
            "url": "https://a.example/1",
            "authors": [{"name": "Ada"}],
        },
        {"id": "2", "content_text": "Platte tekst < 3."},
        {"id": "3", "title": "Leeg"},
        4,
    ],
}


def test_the_items_of_a_json_feed_are_articles() -> None:
    first, second = articles(json.dumps(JSON_FEED), "json")
    assert (first.text, first.title, first.author) == ("Een.\n\nTwee.", "Kop", "Ada")
    assert (first.source, first.language, first.published.first) == (
        "De Dijk",
        "nl",
        date(2021, 12, 17),
    )
    assert (second.text, second.published) == ("Platte tekst < 3.", UNKNOWN_DATE)
    left = [
        one.reason
        for one in read(json.dumps(JSON_FEED).encode(), "json")
        if isinstance(one, Refusal)
    ]
    assert [reason[:7] for reason in left] == ["item 3:", "item 4:"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (RSS[:600].encode(), "not well-formed"),
        (b"<rss version='2.0'><channel></channel></rss>", "no items"),
        (b"<rss/>", "no items"),
        (b"<opml><body/></opml>", "no RSS or Atom feed"),
        (b'<!DOCTYPE r [<!ENTITY a "bbb">]><rss><channel/></rss>', "declares entities"),
        (b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>', "entities"),
        (b"<rss>" + b"<a>" * 5_000, "not well-formed"),
        (b"<rss>" + b"<a/>" * MEGABYTE * 2 + b"</rss>", "elements"),
    ],
)
def test_a_bad_feed_is_refused_with_the_remedy(data: bytes, reason: str) -> None:
    with within(5):
        assert reason in refusal(data, "feed")


def test_an_entity_in_utf_16_is_seen() -> None:
    data = '<!DOCTYPE r [<!ENTITY a "bbb">]><rss><channel/></rss>'.encode("utf-16")
    assert "declares entities" in refusal(data, "feed")


@pytest.mark.parametrize(
    "content",
    [
        "&lt;div&gt;" * 50_000,
        "&lt;p&gt;x" * 80_000,
        "&lt;!--" * 50_000,
        "&amp;amp;" * 100_000,
        "&lt;a href=" * 50_000,
    ],
)
def test_hostile_items_take_little_time(content: str) -> None:
    item = f"<item><description>{content}</description></item>"
    feed = f"<rss version='2.0'><channel>{item}</channel></rss>"
    with within(15):
        assert len(read(feed.encode(), "feed")) == 1


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Los &amp; vast", "Los & vast"),
        ("<p>a<!-- weg -->b</p>c", "ab\n\nc"),
        ("<ul><li>een<li>twee</ul>na", "een\n\ntwee\n\nna"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\n\nb"),
        ("<h1>Kop</h1>tekst<br/>regel<style>p{}</style> door", "Kop\n\ntekst\nregel door"),
        ("<p>on<b>ge</b>broken</p>", "ongebroken"),
        ("", ""),
        ("<>", "<>"),
    ],
)
def test_the_text_of_html_has_its_blocks_apart(html: str, text: str) -> None:
    assert text_of_html(html) == text


def test_one_feed_is_one_article_only_if_it_has_one_item() -> None:
    one = RSS.partition("<item><title>Zonder")[0] + "</channel></rss>"
    assert only(one.encode(), "feed").article.id == "krant.feed#1"
