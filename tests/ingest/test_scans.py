from __future__ import annotations

import pytest

from index_store.records import UNKNOWN_DATE
from tests.ingest.format_checks import only, refusal


def test_an_alto_file_keeps_its_lines_hyphens_and_pages() -> None:
    def line(*words: str, hyphen: str = "") -> str:
        strings = "<SP/>".join(f'<String CONTENT="{word}" SUBS_CONTENT="heel"/>' for word in words)
        return f"<TextLine>{strings}{hyphen}</TextLine>"

    broken = line("De", "burge", hyphen='<HYP CONTENT="-"/>')
    block = f"<TextBlock>{broken}{line('meester')}</TextBlock>"
    old = (
        '<TextBlock><TextLine><String CONTENT="geen"/><String CONTENT="SP"/></TextLine></TextBlock>'
    )
    pages = f"<Page><PrintSpace>{block}{old}</PrintSpace></Page><Page>{block}</Page>"
    data = f'<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Layout>{pages}</Layout></alto>'
    article = only(data.encode(), "xml").article
    assert article.text == "De burge-\nmeester\n\ngeen SP\n\fDe burge-\nmeester\n\f"
    assert (article.title, article.published) == (None, UNKNOWN_DATE)


def test_a_page_file_is_read_in_the_order_it_states() -> None:
    def reading(text: str, index: int) -> str:
        return f'<TextEquiv index="{index}"><Unicode>{text}</Unicode></TextEquiv>'

    def region(name: str, *lines: str) -> str:
        inner = "".join(
            f"<TextLine><Word>{reading('weg', 0)}</Word>{reading('fout', 1)}{reading(line, 0)}"
            "</TextLine>"
            for line in lines
        )
        return f'<TextRegion id="{name}">{inner}{reading("heel", 0)}</TextRegion>'

    order = "".join(
        f'<RegionRefIndexed index="{index}" regionRef="{name}"/>'
        for index, name in ((1, "a"), (0, "b"), (2, "x"))
    )
    data = (
        "<PcGts><Page><ReadingOrder><OrderedGroup>"
        + order
        + "</OrderedGroup></ReadingOrder>"
        + region("a", "tweede")
        + region("b", "eerste", "regel")
        + region("c", "los")
        + "</Page></PcGts>"
    )
    assert only(data.encode(), "xml").article.text == "eerste\nregel\n\ntweede\n\nlos\n\f"


def test_an_ocr_text_from_delpher_has_a_title_and_paragraphs() -> None:
    data = b"<?xml version='1.0'?><text><title>De  dijk</title><p>Een.</p><p/><p>Twee.</p></text>"
    article = only(data, "xml").article
    assert (article.title, article.text) == ("De dijk", "Een.\n\nTwee.")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<x/>", "root element 'x' is not known"),
        (b"<text><p/></text>", "no text in it"),
        (b"<text><p>a</p><hoofdstuk/></text>", "'text' is not known"),
        (b"<alto/>", "no word was recognised"),
        (b"<PcGts><Page/></PcGts>", "no word was recognised"),
        (b"<alto>", "not well-formed"),
        (
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hosts">]><text><p>&b;</p></text>',
            "entities",
        ),
        (b"geen xml", "not well-formed"),
    ],
)
def test_another_xml_file_is_refused_with_the_known_kinds(data: bytes, reason: str) -> None:
    assert reason in refusal(data, "xml")
