from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store.records import UNKNOWN_DATE, Article, Precision
from qa.errors import SettingsError
from qa.ingest.files import FoundFile, find_files
from qa.ingest.findings import Findings
from qa.ingest.formats.reading import (
    ReadArticle,
    parse_mapping,
    read_file,
    read_stream,
)
from qa.ingest.reading_choices import ReadingChoices
from qa.ingest.refusals import Refusal
from tests.paths import SEEDS

WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"])
    | st.sampled_from("\t\n\r\x0b\x0c\x85\u2028\ufeff"),
    min_size=1,
    max_size=60,
).filter(lambda text: text.strip())
SENTENCE = "De regering in Den Haag heeft donderdag besloten de steun aan Oekraïne te verlengen. "


def read(data: str | bytes, form: str, **settings: object) -> list[ReadArticle | Refusal]:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    found = list(read_stream(stream, format=form, name=f"krant.{form}", **settings))  # type: ignore[arg-type]
    assert not stream.closed
    return found


def only(found: list[ReadArticle | Refusal]) -> ReadArticle:
    (one,) = found
    assert isinstance(one, ReadArticle), one
    return one


def articles(found: list[ReadArticle | Refusal]) -> list[Article]:
    return [one.article for one in found if isinstance(one, ReadArticle)]


def refused(found: list[ReadArticle | Refusal]) -> list[tuple[int | None, str]]:
    return [(one.line, one.reason) for one in found if isinstance(one, Refusal)]


def refusal(data: str | bytes, form: str, **settings: object) -> str:
    ((_, reason),) = refused(read(data, form, **settings))
    return reason


# Plain text


def test_the_seeds_are_read_as_they_are() -> None:
    found = [one for one in find_files([SEEDS]) if isinstance(one, FoundFile)]
    read_articles = [only(list(read_file(one))).article for one in found]
    stated = [article.published.words for article in read_articles]
    assert stated == [None, "2021-12", None, "2023-03", "2022-11"]
    assert read_articles[0].id == "000_a8d320557e8b4f72"
    assert read_articles[0].source == "000_a8d320557e8b4f72.txt"
    for file, article in zip(found, read_articles, strict=True):
        whole = file.path.read_bytes().decode()
        assert whole.endswith(article.text)
        header = whole.removesuffix(article.text)
        assert header == (f" date {article.published.words} " if header else "")


@pytest.mark.parametrize(
    ("text", "words", "kept"),
    [
        ("\n date \t2021-12-17\r\n\r\n Tekst \r\n", "2021-12-17", "Tekst \r\n"),
        ("date 2021 Tekst", "2021", "Tekst"),
        ("date 2021-12-17T10:00 Tekst", "2021-12-17T10:00", "Tekst"),
        (" \r\nTekst\r zonder \n", None, " \r\nTekst\r zonder \n"),
        ("Date palms grow", None, "Date palms grow"),
        ("date 2 people", None, "date 2 people"),
        ("date 20211 x", None, "date 20211 x"),
        ("update 2021-12 x", None, "update 2021-12 x"),
        ("x date 2021-12 x", None, "x date 2021-12 x"),
    ],
)
def test_only_a_header_is_taken_off_a_text(text: str, words: str | None, kept: str) -> None:
    article = only(read(text, "txt")).article
    assert (article.published.words, article.text, article.title) == (words, kept, None)


@given(WORDS)
def test_text_is_kept_to_the_letter(text: str) -> None:
    data = b"date 2021-12\n." + text.encode()
    assert only(read(data, "txt")).article.text == "." + text
    assert only(read(b"---\nkop: x\n---\n" + text.encode(), "md")).article.text == text
    line = json.dumps({"text": text}).encode()
    assert only(read(line, "jsonl")).article.text == text
    assert only(read(line, "json")).article.text == text


def test_a_bad_date_in_the_header_is_refused_by_name() -> None:
    assert "2021-13-45" in refusal("date 2021-13-45 Tekst", "txt")
    assert "no text after the header" in refusal("date 2021-12-17 \n", "txt")


# Decoding


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_are_obeyed_and_dropped(encoding: str) -> None:
    assert only(read("Eén".encode(encoding), "txt")).article.text == "Eén"
    lines = '{"text": "Eén"}\n{"text": "\u2028Ω"}\n'.encode(encoding)
    assert [article.text for article in articles(read(lines, "jsonl"))] == ["Eén", "\u2028Ω"]
    rows = "text;date\nEén;2021\n".encode(encoding)
    assert only(read(rows, "csv")).article.text == "Eén"


@pytest.mark.parametrize(
    ("text", "encoding", "note"),
    [
        ("één", "cp1252", "decoded as windows-1252"),
        ("‘Poëzie’ in Oekraïne – € 5, zei één geïnteresseerde. " * 9, "cp1252", "windows-1252"),
        ("Oekraïne is één land, reünie in België, zei zij. " * 9, "cp850", "cp850"),
        ("Президент заявил, что Россия готова к переговорам", "cp1251", "windows-1251"),
    ],
)
def test_other_encodings_are_detected_and_noted(text: str, encoding: str, note: str) -> None:
    found = only(read(text.encode(encoding), "txt"))
    assert found.article.text == text
    assert note in found.notes[0]


def test_an_encoding_that_is_stated_overrules_detection() -> None:
    data = "één € 5".encode("iso8859_15")
    assert only(read(data, "txt", encoding="iso8859-15")).article.text == "één € 5"
    line = '{"text": "één € 5"}\n'.encode("iso8859_15")
    assert only(read(line, "jsonl", encoding="iso8859-15")).article.text == "één € 5"
    for unknown in ("klingon", "hex"):
        with pytest.raises(SettingsError, match=unknown):
            read(data, "txt", encoding=unknown)


def test_lines_in_another_encoding_are_noted_one_by_one() -> None:
    lines = '{"text": "één"}\n{"text": "x"}\n{"text": "café"}\n{"text": "Ω"}\n{"text": "\xe9"}'
    data = b"\n".join(
        line.encode("utf-8" if "Ω" in line else "cp1252") for line in lines.split("\n")
    )
    found = read(data, "jsonl")
    assert [article.text for article in articles(found)] == ["één", "x", "café", "Ω"]
    notes = [one.notes for one in found if isinstance(one, ReadArticle)]
    assert notes == [("decoded as windows-1252",), (), ("decoded as windows-1252",), ()]
    assert refused(found)[0][0] == 5
    undecodable = refusal(b'{"text": "\x81\x8d"}\n', "jsonl")
    assert "not windows-1252 throughout" in undecodable
    assert "not utf-16 throughout" in refusal(b"\xff\xfe\x00\xd8\n", "jsonl")


def test_damaged_utf8_is_refused_rather_than_read_as_something_else() -> None:
    assert "byte 12 (0xff)" in refusal("één café".encode() + b"\xff", "txt")
    lines = '{"text": "één"}\n'.encode() + b'{"text": "caf\xe9"}\n{"text": "x"}\n'
    found = read(lines, "jsonl")
    assert [article.text for article in articles(found)] == ["één", "x"]
    ((line, reason),) = refused(found)
    assert line == 2
    assert "is not UTF-8" in reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7 x", "PDF"),
        (b"PK\x03\x04x", "ZIP"),
        (b"{\\rtf1 x}", "RTF"),
        (b"ab\0c", "byte 3 is NUL"),
        ("tekst".encode("utf-16-le"), "UTF-16 without"),
        (b"\x01\x02\x03abc", "control characters"),
        (b"\xff\xfe\x00\xd8", "not utf-16 throughout"),
        (b"", "empty"),
        (b" \n", "empty"),
        ("\u00a0\n".encode(), "white space"),
    ],
)
def test_what_is_not_text_is_refused(data: bytes, reason: str) -> None:
    assert reason in refusal(data, "txt")


@pytest.mark.parametrize("form", ["jsonl", "json"])
def test_of_two_fields_of_one_name_none_is_chosen(form: str) -> None:
    records = ['{"text": "goed"}', '{"text": "eerst", "titel": "t", "text": "laatst"}']
    source = "\n".join(records) if form == "jsonl" else f"[{', '.join(records)}]"
    found = read(source, form)
    assert [article.text for article in articles(found)] == ["goed"]
    (refused,) = [each for each in found if isinstance(each, Refusal)]
    assert "'text' stands in it twice" in refused.reason
    assert refused.line == 2 if form == "jsonl" else "record 2" in refused.reason


@pytest.mark.parametrize("form", ["jsonl", "csv", "json", "html", "md"])
def test_no_format_takes_a_compressed_or_an_empty_file(form: str) -> None:
    assert "gzip" in refusal(b"\x1f\x8b\x08\0\0", form)
    assert refusal(b"", form)


# Markdown


def test_front_matter_gives_the_fields_and_the_body_stays_exact() -> None:
    source = (
        "---\r\nTitle: 'Kop: twee'\r\ndatum: 2021-12-17\r\nid: 007\r\nauteur: [Jan, Piet]\r\n"
        "lang: nl_NL\r\nrubriek: ~\r\n--- \r\n\r\n# Andere kop\r\n---\r\ntekst \r\n"
    )
    article = only(read(source, "md")).article
    assert article.text == "\r\n# Andere kop\r\n---\r\ntekst \r\n"
    assert (article.title, article.id, article.author) == ("Kop: twee", "007", "Jan, Piet")
    assert (article.language, article.section) == ("nl", None)
    assert (article.published.words, article.published.precision) == ("2021-12-17", Precision.DAY)


@pytest.mark.parametrize(
    ("source", "title", "text"),
    [
        ("# Kop ##\r\ntekst", "Kop", "# Kop ##\r\ntekst"),
        ("intro\n\n# Kop\n", "Kop", "intro\n\n# Kop\n"),
        ("## Kop\n#hashtag\n", None, "## Kop\n#hashtag\n"),
        ("```\n# commentaar\n```\n", None, "```\n# commentaar\n```\n"),
        ("---\nlosse tekst\n---\nmeer", None, "---\nlosse tekst\n---\nmeer"),
        ("---\nnooit gesloten", None, "---\nnooit gesloten"),
        ("---\n---\ntekst", None, "tekst"),
        ("---\ntitel: null\n...\n# Kop", "Kop", "# Kop"),
    ],
)
def test_the_title_falls_back_on_the_first_heading(
    source: str, title: str | None, text: str
) -> None:
    article = only(read(source, "md")).article
    assert (article.title, article.text) == (title, text)


def test_bad_front_matter_is_refused_with_its_line() -> None:
    ((line, reason),) = refused(read("---\ntitle: x\nsub: [a\n---\ntekst", "md"))
    assert line in (3, 4)
    assert "not YAML" in reason
    assert "no day 30" in refusal("---\ndate: 2021-02-30\n---\ntekst", "md")
    assert "no text" in refusal("---\ntitle: x\n---\n", "md")
    assert "65,536" in refusal(f"---\nx: {'a' * 70_000}\n---\ntekst", "md")


def test_yaml_cannot_run_code_or_explode() -> None:
    assert only(read("---\nx: !!python/object/apply:os.abort []\n---\ntekst", "md"))
    bomb = "a: &a {x: 1}\n" + "".join(
        f"{new}: &{new} {{<<: [{', '.join([f'*{old}'] * 9)}]}}\n"
        for old, new in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    assert only(read(f"---\n{bomb}---\ntekst", "md"))
    assert "nested too deeply" in refusal(f"---\nx: {'[' * 5000}\n---\ntekst", "md")


# An object a line


def test_fields_are_recognised_in_dutch_and_english_whatever_their_case() -> None:
    record = {
        "Article-ID": 12,
        "KOP": " Kop ",
        "tekst": " Tekst\n",
        "publicationDate": "17 dec. 2021",
        "link": "https://krant.nl/12",
        "auteur": [{"name": "Jan"}, " Piet ", None],
        "rubriek": ["Buitenland", "EU"],
        "bron": "De Krant",
        "taal": "Nederlands",
    }
    found = only(read(json.dumps(record), "jsonl"))
    article = found.article
    assert (article.id, article.title, article.text) == ("12", "Kop", " Tekst\n")
    assert (article.published.first, article.url) == (date(2021, 12, 17), "https://krant.nl/12")
    assert (article.author, article.section) == ("Jan, Piet", "Buitenland, EU")
    assert (article.source, article.language, found.line) == ("De Krant", "nl", 1)


def test_the_preferred_name_wins_and_a_mapping_overrules_it() -> None:
    line = '{"body": "b", "text": "t", "kop": "k", "Mijn Kop": "m"}'
    assert only(read(line, "jsonl")).article.text == "t"
    article = only(read(line, "jsonl", mapping={"text": "body", "title": "mijn_kop"})).article
    assert (article.text, article.title) == ("b", "m")
    assert only(read('{"text": null, "body": "b"}', "jsonl")).article.text == "b"
    assert "'inhoudje'" in refusal(line, "jsonl", mapping={"text": "inhoudje"})


def test_a_bad_line_is_refused_and_the_others_go_in() -> None:
    good = [json.dumps({"text": f"tekst {number}"}) for number in range(1, 11)]
    good[6] = '{"text": "half'
    good[3] = ""
    found = read("\r\n".join(good), "jsonl")
    assert [one.line for one in found] == [1, 2, 3, 5, 6, 7, 8, 9, 10]
    ((line, reason),) = refused(found)
    assert line == 7
    assert "not JSON" in reason
    assert [article.id for article in articles(found)][-1] == "krant.jsonl#9"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1]", "must be an object"),
        ("{}", "the fields are none"),
        ('{"tekstje": "x"}', "'tekstje'"),
        ('{"text": 5}', "must be a string, not a number"),
        ('{"text": {"a": 1}}', "must be a string, not an object"),
        ('{"text": " \\n"}', "the text is empty"),
        ('{"text": "a\\ud800b"}', "surrogate"),
        ('{"text": "x", "title": "\\udfff"}', "the title has half"),
        ('{"text": "a\\u0000"}', "NUL"),
        ('{"text": "x", "date": "gisteren"}', "'gisteren'"),
        ('{"text": "x", "date": [2021]}', "not list"),
        ('{"text": "x", "id": true}', "the id must be"),
        ('{"text": "x", "id": "a\\nb"}', "control characters"),
        ('{"text": "x", "id": "' + "i" * 501 + '"}', "501"),
        ('{"text": "x", "n": ' + "1" * 5000 + "}", "digits"),
        ('{"text": ' * 100_000, "nested too deeply"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_reason(line: str, reason: str) -> None:
    found = read(line + '\n{"text": "goed", "date": null, "title": NaN}', "jsonl")
    assert [article.text for article in articles(found)] == ["goed"]
    ((at, why),) = refused(found)
    assert at == 1
    assert reason in why


def test_languages_are_normalised_and_unknown_ones_noted() -> None:
    stated = {"nl-NL": "nl", "nl_NL": "nl", "Dutch": "nl", "Engels": "en", "eng": "en", "": None}
    for words, code in stated.items():
        line = json.dumps({"text": "x", "language": words})
        assert only(read(line, "jsonl")).article.language == code
    found = only(read('{"text": "x", "lang": "Klingon"}', "jsonl"))
    assert found.article.language is None
    assert "Klingon" in found.notes[0]


class EndlessLine(io.BytesIO):
    """A line of three megabytes and then a good one, counting how much is asked at once."""

    most_bytes_asked = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size > 0
        self.most_bytes_asked = max(self.most_bytes_asked, size)
        return super().readline(size)


def test_an_endless_line_is_refused_without_being_held() -> None:
    stream = EndlessLine(b"x" * 3_000_000 + b'\n{"text": "goed"}\n')
    found = list(read_stream(stream, format="jsonl", max_article_bytes=1000))
    assert [article.text for article in articles(found)] == ["goed"]
    assert [article.id for article in articles(found)] == ["stdin#2"]
    assert "1,000 bytes" in refused(found)[0][1]
    assert stream.most_bytes_asked <= 65_536


# A JSON document


def test_a_json_document_is_one_article_or_a_list() -> None:
    assert only(read('{"text": "x"}', "json")).article.id == "krant.json"
    found = read('[{"text": "x"}, {"text": ""}, {"text": "y"}]', "json")
    assert [article.id for article in articles(found)] == ["krant.json#1", "krant.json#3"]
    assert "record 2" in refused(found)[0][1]
    assert "must be an object" in refusal("3", "json")
    assert "empty" in refusal("[]", "json")
    assert "line 2" in refusal('{"a":\n x}', "json")


# Rows


@given(st.lists(WORDS, min_size=1, max_size=4), st.sampled_from(",;\t|"))
def test_rows_come_back_as_the_csv_module_wrote_them(texts: list[str], delimiter: str) -> None:
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, delimiter=delimiter)
    writer.writerow(["datum", "tekst", "kop"])
    writer.writerows(["2021-12", text, "Kop, met; tekens|"] for text in texts)
    found = articles(read(sheet.getvalue(), "csv"))
    assert [article.text for article in found] == texts
    assert all(article.title == "Kop, met; tekens|" for article in found)


def test_a_row_is_numbered_by_the_line_it_starts_on() -> None:
    sheet = '\ufeffid;tekst\r\n1;"een\r\ntwee"\r\n\r\n2;x;y\r\n3;"a"b\r\n4;goed\r\n5;"open\r\nx\r\n'
    found = read(sheet, "csv")
    assert [(one.line, type(one)) for one in found] == [
        (2, ReadArticle),
        (5, Refusal),
        (6, Refusal),
        (7, ReadArticle),
        (8, Refusal),
    ]
    assert [article.text for article in articles(found)] == ["een\r\ntwee", "goed"]
    reasons = [reason for _, reason in refused(found)]
    assert "3 fields under 2 columns" in reasons[0]
    assert "quotation marks" in reasons[1]
    assert "lines 8 through 9 were lost" in reasons[2]


def test_a_header_row_is_needed() -> None:
    assert "no column with the text" in refusal("1,2\n3,4\n", "csv")
    assert only(read("a,b\n1,2\n", "csv", mapping={"text": "b"})).article.text == "2"
    assert only(read("tekst\neen, twee\n", "tsv")).article.text == "een, twee"
    assert "no rows" in refusal("text,date\n", "csv")


def test_nul_and_oversize_rows_are_refused_and_the_rest_goes_on() -> None:
    long = '"' + "x," * 60 + '"'
    found = read(f"text,date\na\0b,2021\n{long},2021\ngoed,2021\n", "csv", max_article_bytes=100)
    assert [article.text for article in articles(found)] == ["goed"]
    assert "NUL" in refused(found)[0][1]
    assert "100 bytes" in refused(found)[1][1]
    big = "y" * 200_000
    assert only(read(f'text,date\n"{big}",2021\n', "csv")).article.text == big


# Web pages


def page(head: str = "", *, top: str = "", foot: str = "", language: str = "") -> str:
    return (
        f"<!doctype html><html{language}><head><title>Steun verlengd - NOS</title>{head}</head>"
        f"<body><article><h1>Steun verlengd</h1>{top}<p>{SENTENCE * 4}</p><p>{SENTENCE * 4}</p>"
        f"</article><footer>{foot}</footer></body></html>"
    )


def test_a_page_gives_its_article_and_what_its_metadata_state() -> None:
    head = (
        '<meta property="article:published_time" content="2021-12-17T23:30:00-05:00">'
        '<meta property="article:modified_time" content="2022-01-05">'
        '<meta property="og:site_name" content="NOS"><meta name="author" content="Jan Jansen">'
        '<link rel="canonical" href="https://nos.nl/2020/01/02/steun">'
    )
    found = only(read(page(head, language=' lang="nl-NL"'), "html"))
    article = found.article
    assert SENTENCE.strip() in article.text
    assert (article.title, article.source, article.author) == (
        "Steun verlengd",
        "NOS",
        "Jan Jansen",
    )
    assert (article.language, article.url) == ("nl", "https://nos.nl/2020/01/02/steun")
    assert article.published.first == date(2021, 12, 17)
    assert article.published.words == "2021-12-17T23:30:00-05:00"
    assert found.extractor is not None
    assert found.extractor.startswith("trafilatura ")


LINKED = '<script type="application/ld+json">{}</script>'


@pytest.mark.parametrize(
    "html",
    [
        page(LINKED.format('{"@type": "NewsArticle", "datePublished": "2021-12-17T10:00Z"}')),
        page(
            LINKED.format(
                '{"@graph": [{"@type": ["WebPage"], "datePublished": "2020-01-01"}, {"@type": '
                '"Article", "datePublished": "2021-12-17", "comment": [{"@type": "Comment", '
                '"datePublished": "2022-01-01"}]}]}'
            )
        ),
        page(top='<meta itemprop="datePublished" content="2021-12-17">'),
        page(top='<time itemprop="datePublished" datetime="2021-12-17">x</time>'),
        page('<meta name="DC.date.issued" content="2021-12-17">'),
        page('<meta name="date" content="17 december 2021">'),
        page(top='<time pubdate datetime="2021-12-17">x</time>'),
        page(top='<time class="entry-date published" datetime="2021-12-17">x</time>'),
        page(top='<div class="byline">Door J. <time datetime="2021-12-17">vrijdag</time></div>'),
        page(top="<p>Gepubliceerd op 17 december 2021 om 10:15, bijgewerkt 1 februari 2022</p>"),
        page(top="<div><span>Published: December 17, 2021 | Updated: January 3, 2022</span></div>"),
        page(
            top='<time datetime="2021-12-17">x</time> Bijgewerkt '
            '<time datetime="2022-02-02">y</time>'
        ),
        page(
            LINKED.format(
                '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", '
                '"datePublished": "2021-12-17", "dateModified": "2022-02-01"}}'
            )
        ),
        page(
            LINKED.format(
                '{"@type": "NewsArticle", "datePublished": "2022-02-01", '
                '"dateModified": "2021-12-17"}'
            )
        ),
    ],
)
def test_metadata_that_say_published_are_believed(html: str) -> None:
    assert only(read(html, "html")).article.published.first == date(2021, 12, 17)


@pytest.mark.parametrize(
    "html",
    [
        page(foot="<p>Gepubliceerd op 3 maart 2018 om 10:15</p>"),
        page(foot='<time datetime="2022-02-02">woensdag</time>'),
        page(top='<span class="date">2018-03-03</span>'),
        page(foot="© 2019 De Krant"),
        page('<link rel="canonical" href="https://nos.nl/2020/01/02/steun">'),
        page('<meta property="og:url" content="https://nos.nl/2020/01/02/steun">'),
        page('<meta property="article:modified_time" content="2022-01-05">'),
        page('<meta name="last-modified" content="2022-01-05">'),
        page('<meta itemprop="copyrightYear" content="2017">'),
        page(top='<div>Bijgewerkt: <time datetime="2022-02-02">woensdag</time></div>'),
        page(top='<aside><time datetime="2022-02-02">woensdag</time></aside>'),
        page(
            top='<abbr class="published" title="2015-01-01">x</abbr><img src="/2014/05/06/a.jpg">'
        ),
        page(LINKED.format('{"@type": "Comment", "datePublished": "2021-12-17"}')),
        page(LINKED.format('{"@type": "NewsArticle", "dateModified": "2021-12-17"}')),
        page('<meta name="date" content="gisteren">'),
        page(
            '<meta name="date" content="2021-12-17"><meta name="date" content="2021-12-18">',
        ),
    ],
)
def test_a_date_is_never_guessed_from_anything_else(html: str) -> None:
    assert only(read(html, "html")).article.published == UNKNOWN_DATE


def test_a_front_page_and_a_wall_of_cookies_are_refused_and_a_paywall_is_told() -> None:
    teasers = "".join(f'<h3><a href="/{n}">Nieuws {n}</a></h3><p>Kort.</p>' for n in range(12))
    assert "front page" in refusal(page().replace(SENTENCE * 4, teasers), "html")
    assert only(read(page(foot=teasers), "html"))
    assert only(read(page(top=teasers), "html"))  # it has a text of its own
    wall = (
        "Wij en onze partners gebruiken cookies om gepersonaliseerde advertenties te tonen. "
        "Klik op akkoord of wijzig je instellingen. Lees meer in ons privacybeleid."
    )
    for form, data in (("txt", wall), ("jsonl", json.dumps({"text": wall}))):
        assert "cookies" in refusal(data, form)
    about = "De rechter verbiedt de cookies van de webwinkel. " + SENTENCE * 3
    assert only(read(about, "txt"))
    told = only(read(SENTENCE + "Lees verder met een abonnement.", "txt")).notes
    assert told == ("only the beginning of the article: the rest is behind a paywall",)
    cut = json.dumps({"content": SENTENCE + "Het kabinet… [+1234 chars]"})
    assert "cut the text" in only(read(cut, "jsonl")).notes[0]


@pytest.mark.parametrize(
    ("text", "day", "kept"),
    [
        (
            "Titel: Brug open\nKrant: De Dijkbode\nDatum: 3 januari 2022\n\nTekst.\n",
            "2022-01-03",
            "Tekst.\n",
        ),
        ("Datum: 3-1-2022\r\n\r\nTekst.", "2022-01-03", "Tekst."),
        ("3 januari 2022\n\nTekst.", "2022-01-03", "Tekst."),
        (
            "Brug open\n3 januari 2022\n\nTekst.",
            "2022-01-03",
            "Brug open\n3 januari 2022\n\nTekst.",
        ),
        ("Let op: morgen dicht.\n\nTekst.", "None", "Let op: morgen dicht.\n\nTekst."),
        ("Titel: een\nhet verhaal gaat door", "None", "Titel: een\nhet verhaal gaat door"),
        ("Datum: nader te bepalen\n\nTekst.", "None", "Datum: nader te bepalen\n\nTekst."),
        ("20220103\n\nTekst.", "None", "20220103\n\nTekst."),
        ("januari 2022\n\nTekst.", "None", "januari 2022\n\nTekst."),
    ],
)
def test_a_header_in_words_dates_a_text(text: str, day: str, kept: str) -> None:
    article = only(read(text, "txt")).article
    assert (str(article.published.first), article.text) == (day, kept)


def test_the_name_of_a_file_dates_it_only_where_the_user_says_so(tmp_path: Path) -> None:
    path = tmp_path / "2022-01-03_DijkbodeBrug.txt"
    path.write_text("De brug is open.")
    found = FoundFile(path, tmp_path, path.stem)
    findings = Findings()
    assert only(list(read_file(found, findings=findings))).article.published == UNKNOWN_DATE
    assert "--date-from-name" in next(iter(findings.notes))
    choices = ReadingChoices(date_from_name=True)
    published = only(list(read_file(found, choices=choices))).article.published
    assert (published.first, published.words) == (date(2022, 1, 3), path.name)
    assert published.provenance == "stated"


def test_an_unreadable_or_contradictory_date_is_noted() -> None:
    assert (
        "'gisteren'" in only(read(page('<meta name="date" content="gisteren">'), "html")).notes[0]
    )
    times = "".join(f'<time pubdate datetime="2021-12-{day}">x</time>' for day in (17, 18))
    assert "several dates" in only(read(page(top=times), "html")).notes[0]


def test_a_page_is_decoded_as_it_declares_only_if_it_is_not_utf8() -> None:
    declared = page('<meta charset="iso-8859-1">')
    for data in (declared.encode("cp1252"), declared.encode()):
        assert "Oekraïne" in only(read(data, "html")).article.text
    xml = '<?xml version="1.0" encoding="iso-8859-1"?>' + page()
    assert "Oekraïne" in only(read(xml.encode("cp1252"), "html")).article.text


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + SENTENCE,
        "<table><tr><td>" * 30_000,
        page(top="<b>" * 20_000),
        page(top="<p>" + "<a href='x'>kort</a> " * 40_000),
        page(LINKED.format("[" * 100_000)),
        page(LINKED.format('{"@type": "NewsArticle", "x": "' + '\\"' * 150_000)),
        page('<meta charset="unicode_escape">') + "\\x",
        "<a<b" * 50_000,
        "<p>kort</p>",
    ],
)
def test_hostile_pages_are_refused_or_read_in_time(html: str) -> None:
    started = time.process_time()
    assert len(read(html.encode(), "html")) == 1
    assert time.process_time() - started < 20


# Files and settings


def test_a_file_that_cannot_be_read_is_one_refusal(tmp_path: Path) -> None:
    def reason(path: Path, **settings: int) -> str:
        ((_, why),) = refused(list(read_file(FoundFile(path, tmp_path, path.stem), **settings)))  # type: ignore[arg-type]
        return why

    assert "no file or folder here" in reason(tmp_path / "weg.txt")
    (tmp_path / "map.txt").mkdir()
    assert "is a folder" in reason(tmp_path / "map.txt")
    os.mkfifo(tmp_path / "pijp.jsonl")
    assert "pipe" in reason(tmp_path / "pijp.jsonl")
    assert "'.doc'" in reason(tmp_path / "x.doc")


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    huge = tmp_path / "groot.txt"
    with huge.open("wb") as stream:
        stream.truncate(50_000_000_000)
    found = list(read_file(FoundFile(huge, tmp_path, "groot")))
    ((_, reason),) = refused(found)
    assert "50,000,000,000 bytes" in reason
    assert "20,000,000" in reason
    assert "49 bytes" in refusal("x" * 50, "txt", max_article_bytes=49)


def test_a_long_file_of_short_records_is_read_as_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "veel.jsonl"
    path.write_text('{"text": "kort"}\n' * 1000)
    found = read_file(FoundFile(path, tmp_path, "veel"), max_article_bytes=100)
    first = next(found)
    assert isinstance(first, ReadArticle)
    assert (first.article.id, first.path) == ("veel#1", str(path))
    assert sum(1 for _ in found) == 999


def test_a_mapping_is_read_or_refused_with_the_known_fields() -> None:
    assert parse_mapping("title=kop, text=body,date=a=b") == {
        "title": "kop",
        "text": "body",
        "date": "a=b",
    }
    assert parse_mapping("") == {}
    with pytest.raises(SettingsError, match="'tekst' is not a field; the fields are id, title"):
        parse_mapping("tekst=body")
    for bad in ("title", "title=", "title=a,title=b"):
        with pytest.raises(SettingsError, match="title"):
            parse_mapping(bad)


def test_an_unknown_format_is_named_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="'doc' is not known; known are txt, md, jsonl"):
        read("x", "doc")


def test_importing_the_readers_loads_none_of_the_heavy_libraries() -> None:
    heavy = {"trafilatura", "yaml", "babel", "charset_normalizer", "lxml", "feedparser"}
    heavy |= {"pdfminer", "pyarrow", "warcio", "zstandard"}
    code = f"import sys, qa.ingest.formats.reading; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
