from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from typer import BadParameter, Typer
from typer.testing import CliRunner

from index_store.records import Article, Precision, Provenance, PublicationDate
from qa.answer.composer import dates_in
from qa.answer.records import Answer, Citation
from qa.answer.value_records import AnswerValue
from qa.assistant import Assistant
from qa.cli.export import check_export, write_export
from qa.cli.export import verify as verify_command
from qa.cli.options import ExplainingGroup
from qa.exports import (
    Difference,
    ExportedQuote,
    ExportError,
    Failure,
    FailureReason,
    NothingCitedError,
    check_quotes,
    export,
    read_quotes,
    save,
    verify,
)
from qa.exports.formats import FORMATS
from qa.retrieval.stages import Stages
from qa.web.page.answer_actions import keeping_functions, with_quotes, without_texts
from qa.web.page.words import FRAME
from tests.exports.text_suffixes import TEXTS
from tests.paths import SEEDS

NOVEMBER = PublicationDate(
    date(2022, 11, 1), date(2022, 11, 30), Precision.MONTH, Provenance.STATED, "2022-11"
)
INFERRED = PublicationDate(
    date(2022, 2, 15), date(2022, 2, 18), Precision.RANGE, Provenance.INFERRED, score=0.95
)
HOSTILE = (
    "<script>alert(1)</script>",
    "${leeg} {{ 7 * 7 }} {% include 'x' %}",
    "![plaatje](javascript:alert(1)) [klik](http://kwaad.example)",
    "# Kop\n\n- punt\n> citaat\n```\ncode\n```\n",
    "1. Eén\n2) Twee\n---\n===\n| a | b |",
    '=HYPERLINK("http://kwaad.example";"klik")',
    "'=1+1",
    "-2+3\tcmd|' /C calc'!A0",
    "@SOM(1)",
    "ER  - \r\nTY  - NEWS\r\nAN  - ander",
    "[0-9] a\\u000ab \\ \\\\",
    'Hij zei: "ja", „nee” en ‘wie’;\r\nzei zij.\r',
    "\u202egnirts\u202c \u2066עברית\u2069 العربية",
    "🪖 𝔉𝔯𝔞𝔨 👩\u200d🚀 e\u0301 \ufeff",
    "  ruimte \u00a0 erom\u2028heen\u2029 \x0b\x0c\x1c\x85 ",
    "</blockquote><blockquote data-article='x'>&amp;&#13;&nbsp;&lt;",
    "https://t.co/yWaHBB4swp www.kwaad.example jan@kwaad.example #5 :rocket: $x$ a~~b~~",
    "*vet* _schuin_ `code` <b>html</b> &copy; <!-- weg --> \\*",
)


def article(text: str, **fields: object) -> Article:
    given = {"id": "krant/1", "title": "Een titel", "published": NOVEMBER, "source": "De Krant"}
    return Article(text=text, **(given | fields))  # type: ignore[arg-type]


def citation(
    found: Article, start: int, end: int, *, number: int = 1, span: tuple[int, int] | None = None
) -> Citation:
    quote = found.text[start:end]
    dates = dates_in(found, quote, start)
    first, last = span or (None, None)
    return Citation(number, quote, start, end, found, first, last, dates=dates)


def answer(
    *citations: Citation,
    question: str = "Welke bijnaam heeft hij?",
    values: tuple[AnswerValue, ...] = (),
) -> Answer:
    return Answer(
        question=question,
        answer=" ".join(words.split()) if (words := answering(citations)) else None,
        text="Generaal Armageddon [1]" if citations else "Dit staat niet in het archief.",
        abstained=not citations,
        reason=None if citations else "Geen passage gaat over het onderwerp van de vraag.",
        confidence=0.83,
        citations=citations,
        passages=(),
        date_range=None,
        seconds=0.1,
        fingerprint="abc",
        values=values,
    )


def answering(citations: tuple[Citation, ...]) -> str | None:
    if not citations or citations[0].answer_start is None:
        return None
    return citations[0].article.text[citations[0].answer_start : citations[0].answer_end]


def changed(value: str, number: int = 1, *, agrees: bool = True) -> tuple[AnswerValue, ...]:
    """The same value in February 2022 (as inferred) and on a day in November, the newest."""
    days = (date(2022, 2, 1), date(2022, 2, 28)), (date(2022, 11, 3), date(2022, 11, 3))
    return (
        AnswerValue(value, *days[0], True, (number,), False, agrees),
        AnswerValue(value, *days[1], False, (number, 9), True, agrees),
    )


SOEROVIKIN = article(
    "Sergej Soerovikin kreeg de bijnaam ‘Generaal Armageddon’. Hij leidt de invasiemacht.",
    url="https://krant.example/1?a=b;c=d",
    author="A. Schrijver; B. Schrijver",
    language="nl",
)
CITED = citation(SOEROVIKIN, 0, 57, span=(36, 55))
SUFFIX = pytest.mark.parametrize("suffix", TEXTS)
REFERENCES = (".ris", ".csl.json")  # they hold citations only


def read_back(text: str, suffix: str) -> list[ExportedQuote]:
    return FORMATS[suffix].read(text.removeprefix("\ufeff")).quotes


def places(quotes: list[ExportedQuote]) -> list[tuple[str, str, int, int]]:
    return [(each.quote, each.article_id, each.start, each.end) for each in quotes]


@SUFFIX
def test_quotes_dates_ids_and_places_are_in_every_format(suffix: str, tmp_path: Path) -> None:
    text = export([answer(CITED), answer()], suffix)
    for expected in ("Armageddon", "krant/1", "57", "2022", "De Krant"):
        assert expected in text
    path = tmp_path / f"antwoord{suffix}"
    save(path, [answer(CITED), answer()])
    assert path.read_bytes().decode() == text
    assert places(read_quotes(path)) == [(CITED.quote, "krant/1", 0, 57)]
    assert verify(path, {"krant/1": SOEROVIKIN}.get) == []
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@SUFFIX
def test_nothing_to_export_is_an_export(suffix: str, tmp_path: Path) -> None:
    """But for rows, of which there are none, and references, of which no file is written."""
    for answers in ([], [answer()]):
        path = tmp_path / f"leeg{suffix}"
        if suffix in REFERENCES:
            with pytest.raises(NothingCitedError, match="holds citations"):
                save(path, answers)
            assert not path.exists()
            continue
        save(path, answers)
        if suffix == ".csv" and not answers:
            with pytest.raises(ExportError, match="no rows"):
                verify(path, lambda _: None)
        else:
            assert read_quotes(path) == []
            assert verify(path, lambda _: None) == []


@SUFFIX
def test_a_language_without_labels_is_english(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"antwoord{suffix}"
    save(path, [answer(CITED)], language="de")
    assert path.read_bytes().decode() == export([answer(CITED)], suffix, language="en")
    assert verify(path, {"krant/1": SOEROVIKIN}.get) == []


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("suffix", REFERENCES)
def test_the_page_says_why_there_are_no_references(
    suffix: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = {"full": answer(), "answer": {"quotes": []}}
    monkeypatch.setattr("qa.web.page.answer_actions.turns_of", lambda *_: [turn])
    export_answers, _ = keeping_functions(
        None,  # type: ignore[arg-type]
        language,
        find_article=lambda *_: None,
    )
    assert export_answers({"suffix": suffix}) == {"error": FRAME[language]["nothing_cited"]}
    assert "base64" in export_answers({"suffix": ".md"})


@pytest.mark.parametrize(
    ("published", "language", "said"),
    [
        (NOVEMBER, "nl", "november 2022 (op de maand nauwkeurig, vermeld door de bron)"),
        (NOVEMBER, "en", "November 2022 (to the month, stated by the source)"),
        (INFERRED, "nl", "≈ 15–18 februari 2022 (afgeleid)"),
        (PublicationDate(), "nl", "datum onbekend"),
    ],
)
def test_a_date_says_how_it_is_known(published: PublicationDate, language: str, said: str) -> None:
    found = article("Een zin.", published=published)
    answers = [answer(citation(found, 0, 8))]
    for suffix in (".html", *REFERENCES):
        assert said in export(answers, suffix, language=language)
    shown = MarkdownIt("commonmark").render(export(answers, ".md", language=language))
    assert said in shown
    exported = json.loads(export(answers, ".json"))["answers"][0]["citations"][0]["published"]
    assert exported["precision"] == published.precision.value
    assert exported["provenance"] == published.provenance.value
    [row] = csv.DictReader(io.StringIO(export(answers, ".csv").removeprefix("\ufeff"), newline=""))
    assert row["published_precision"] == published.precision.value
    assert row["published_provenance"] == published.provenance.value
    assert row["published_first"] == (published.first.isoformat() if published.first else "")


@pytest.mark.parametrize(
    ("values", "language", "told"),
    [
        (
            changed("190 tanks"),
            "nl",
            "In de loop van de tijd|≈ februari 2022: 190 tanks [1]"
            "|3 november 2022 (nieuwste): 190 tanks [1]",
        ),
        (
            changed("190 tanks", agrees=False),
            "en",
            "The sources contradict each other|≈ February 2022: 190 tanks [1]"
            "|3 November 2022 (newest): 190 tanks [1]",
        ),
        (changed("190 tanks")[:1], "nl", ""),  # one alone is no change
        (changed("190 tanks", 2), "nl", ""),  # of an answer that was stopped before that quote
    ],
)
def test_values_over_time_name_their_dates_and_citations(
    values: tuple[AnswerValue, ...], language: str, told: str
) -> None:
    answers = [answer(CITED, values=values)]
    pages = (
        MarkdownIt("commonmark").render(export(answers, ".md", language=language)),
        export(answers, ".html", language=language),
    )
    for page in pages:
        # Between the answer and its first citation.
        _, _, rest = page.partition("Generaal Armageddon</p>")
        lines = re.sub("<[^>]+>", "", re.split("<figure>|<h3>.1. ", rest)[0].replace("\n", ""))
        assert lines == told.replace("|", "")
    [exported] = json.loads(export(answers, ".json"))["answers"]
    assert exported["values"] == [value.to_dict() for value in values]
    for suffix in TEXTS:
        assert places(read_back(export(answers, suffix), suffix)) == places(
            read_back(export([answer(CITED)], suffix), suffix)
        )


def test_a_date_that_was_inferred_is_no_date_of_a_reference() -> None:
    found = article("Een zin.", published=INFERRED)
    assert "DA  -" not in export([answer(citation(found, 0, 8))], ".ris")
    assert "DA  - 2022/11//\r\n" in export([answer(CITED)], ".ris")
    assert "PY  - 2022\r\n" in export([answer(CITED)], ".ris")


def test_an_article_cited_twice_is_one_reference() -> None:
    second = citation(SOEROVIKIN, 58, len(SOEROVIKIN.text), number=2)
    text = export([answer(CITED, second), answer(CITED)], ".ris")
    assert text.count("TY  - NEWS") == 1
    assert places(read_back(text, ".ris")) == [
        (CITED.quote, "krant/1", 0, 57),
        (second.quote, "krant/1", 58, len(SOEROVIKIN.text)),
    ]


# -- text that means harm ---------------------------------------------------------------------

HARM = (
    st.lists(
        st.sampled_from(
            [*HOSTILE, *"\r\n\t *_`<>&|#$[]()!=+-@'\"\\{}~^:;,.1a\u00a0\x0b\x1c\x85\x01"]
        )
        | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
        min_size=1,
        max_size=6,
    )
    .map("".join)
    .filter(bool)
)


@SUFFIX
@settings(max_examples=40, deadline=None)
@given(before=HARM, quote=HARM, after=HARM, field=HARM)
@example(before="a", quote="\x0b", after="b", field="\x85")
@example(before="a", quote=" ", after="b", field="\n")
def test_whatever_the_text_the_quote_comes_back_exactly(
    suffix: str, before: str, quote: str, after: str, field: str
) -> None:
    found = article(
        before + quote + after, id=field, title=field, source=field, author=field, url=field
    )
    start, end = len(before), len(before) + len(quote)
    other = article("Een zin.", id=f"{field}2")
    answers = [
        answer(
            citation(found, start, end, span=(start, end)), question=field, values=changed(field)
        ),
        answer(citation(other, 0, 8)),
    ]
    text = export(answers, suffix).encode().decode()
    quotes = read_back(text, suffix)
    assert places(quotes) == [(quote, field, start, end), ("Een zin.", f"{field}2", 0, 8)]
    assert check_quotes(quotes, {each.id: each for each in (found, other)}.get) == []


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_of_an_article_does_nothing_in_markdown(hostile: str) -> None:
    """Even with every extension of GitHub's Markdown and HTML switched on."""
    found = article(f"a{hostile}b", title=hostile, source=hostile, url=hostile)
    quoted = citation(found, 1, 1 + len(hostile))
    text = export([answer(quoted, question=hostile, values=changed(hostile))], ".md")
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(text)
    kinds = {token.type for token in tokens}
    inline = {child.type for token in tokens for child in token.children or ()}
    assert kinds <= {
        *(f"{block}_{side}" for block in (
            "heading", "paragraph", "blockquote", "bullet_list", "list_item"
        ) for side in ("open", "close")),
        "inline",
    }  # fmt: skip
    assert inline <= {"text"} | ({"html_inline"} if hostile.endswith(" ") else set())
    assert "{{" not in text
    assert "{%" not in text
    assert "${" not in text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_cell_is_a_formula(hostile: str) -> None:
    found = article(f"a{hostile}b", title=hostile, source=hostile, url=hostile, id=hostile)
    text = export([answer(citation(found, 1, 1 + len(hostile)), question=hostile)], ".csv")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert len(rows) == 2
    assert all(len(row) == len(rows[0]) for row in rows)
    assert not [cell for cell in rows[1] if cell.strip().startswith(("=", "+", "-", "@"))]


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_of_an_article_adds_nothing_to_a_page(hostile: str) -> None:
    def elements(text: str) -> _Elements:
        found = article(f"a{text}b", title=text, source=text, url=text, id=text, author=text)
        reader = _Elements()
        quoted = citation(found, 1, 1 + len(text))
        reader.feed(export([answer(quoted, question=text, values=changed(text))], ".html"))
        return reader

    # A form feed makes pages of a text, and its quotes have a line more: the number of the page.
    page, plain = elements(hostile), elements("gewoon\f" if "\f" in hostile else "gewoon")
    assert [tag for tag in page.tags if tag != "a"] == plain.tags
    assert all(link.startswith(("http://", "https://")) for link in page.links)


def test_an_address_is_a_link_only_on_the_web() -> None:
    for url, links in (
        ("https://krant.example/1", 1),
        ("javascript:alert(1)", 0),
        ("data:text/html,x", 0),
    ):
        answers = [answer(citation(article("Zin.", url=url), 0, 4))]
        reader = _Elements()
        reader.feed(export(answers, ".html"))
        assert len(reader.links) == links
        assert export(answers, ".ris").count("UR  - ") == links


@SUFFIX
def test_control_characters_are_visible_beside_quotes_and_verbatim_in_them(
    suffix: str, tmp_path: Path
) -> None:
    steering = "\x1b[2J\x07\u202e\u200e\u200f\u061com"
    fields = dict.fromkeys(("title", "source", "author", "url"), steering)
    found = article(f"Een {steering} zin.", id="krant/\u202e\u200f\u061c1", **fields)
    path = tmp_path / f"antwoord{suffix}"
    quoted = citation(found, 0, len(found.text), span=(4, 5))
    save(path, [answer(quoted, question=steering)])
    assert verify(path, {found.id: found}.get) == []
    assert [each.quote for each in read_quotes(path)] == [found.text]
    written = path.read_text(encoding="utf-8")
    steered = "\x1b\x07\u202e\u200e\u200f\u061c"
    if suffix in (".md", ".csv", ".html"):
        assert [written.count(each) for each in steered] == [1] * len(steered)


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_a_quote_that_says_something_else_says_so(suffix: str) -> None:
    other = citation(SOEROVIKIN, 58, len(SOEROVIKIN.text), number=2)
    for language, said in (("nl", "zegt iets anders"), ("en", "says something else")):
        answers = [answer(CITED, replace(other, agrees=False))]
        _, _, second = export(answers, suffix, language=language).partition("Hij leidt")
        assert said in second
        assert said not in export([answer(CITED, other)], suffix, language=language)


# -- checking ---------------------------------------------------------------------------------


def findings(path: Path, archive: dict[str, Article]) -> list[Failure | Difference] | None:
    """Return what `verify` finds; `None` where it refuses the file."""
    try:
        return verify(path, archive.get)
    except ExportError:
        return None


ARCHIVE = {"krant/1": SOEROVIKIN}
SECOND = citation(SOEROVIKIN, 58, len(SOEROVIKIN.text), number=2)


def failures(path: Path, archive: dict[str, Article] = ARCHIVE) -> list[Failure]:
    return [each for each in verify(path, archive.get) if isinstance(each, Failure)]


@SUFFIX
def test_a_changed_quote_is_named(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"antwoord{suffix}"
    changed = export([answer(CITED)], suffix).replace("kreeg de bijnaam", "kreeg als bijnaam")
    path.write_bytes(changed.encode())
    [failure] = failures(path)
    assert failure.reason is FailureReason.DIFFERS
    assert "kreeg als bijnaam" in failure.quote.quote
    assert failure.found_at is None


@SUFFIX
def test_an_article_that_changed_or_went_is_named(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"antwoord{suffix}"
    save(path, [answer(CITED)])
    [gone] = failures(path, {})
    assert gone.reason is FailureReason.NO_ARTICLE
    [moved] = failures(path, {"krant/1": replace(SOEROVIKIN, text=f"Nee. {SOEROVIKIN.text}")})
    assert (moved.reason, moved.found_at) == (FailureReason.DIFFERS, 5)
    [shorter] = failures(path, {"krant/1": replace(SOEROVIKIN, text="Kort.")})
    assert shorter.reason is FailureReason.OUTSIDE


@SUFFIX
@pytest.mark.parametrize("gone", ["krant/1", "krant/2"])
def test_an_article_that_went_hides_no_change_elsewhere(
    suffix: str, gone: str, tmp_path: Path
) -> None:
    path = tmp_path / f"antwoord{suffix}"
    other = article(
        "Een zin.", id="krant/2", title=None, source="Het Blad", published=INFERRED, url="ftp://x"
    )
    archive = {"krant/1": SOEROVIKIN, "krant/2": other}
    answers = [answer(CITED, SECOND), answer(), answer(citation(other, 0, 8, span=(0, 3)))]
    text = export(answers, suffix, language="nl")
    del archive[gone]
    path.write_bytes(text.encode())
    found = verify(path, archive.get)
    assert {each.reason for each in found if isinstance(each, Failure)} == {"no_article"}
    assert len(found) == (2 if gone == "krant/1" else 1)  # nothing is told of what is not known
    lost, there = ("De Krant", "Het Blad") if gone == "krant/1" else ("Het Blad", "De Krant")
    path.write_bytes(text.replace(lost, "De Courant").encode())
    assert verify(path, archive.get) == found  # cannot be known
    path.write_bytes(text.replace(there, "De Courant").encode())
    told = [each for each in verify(path, archive.get) if isinstance(each, Difference)]
    assert told
    assert all("De Courant" in str(each.said) for each in told)
    path.write_bytes(text.encode() + b"Poetin is gek.\n")
    added = findings(path, archive)
    assert (added is None) is (suffix not in (".md", ".html"))
    assert added is None or len(added) > len(found)


# What is changed, by field: the words as each format writes them, and what they become.
TAMPERED = {
    "date": [
        ("november 2022", "november 1999"),
        ('"first": "2022-11-01"', '"first": "1999-11-01"'),
        ('"2022-11-01"', '"1999-11-01"'),
        ("DA  - 2022", "DA  - 1999"),
    ],
    "precision": [
        ("op de maand nauwkeurig", "op de dag nauwkeurig"),
        ('"month"', '"day"'),
    ],
    "provenance": [("vermeld door de bron", "afgeleid"), ('"stated"', '"inferred"')],
    "source": [("De Krant", "De Courant")],
    "title": [("Een titel", "Een andere titel")],
    "author": [("A. Schrijver", "A. Dichter")],
    "address": [("krant.example/1?a", "krant.example/2?a"), ("krant.example/1?a", "x.example/?a")],
    "short answer": [
        ("\n\nGeneraal Armageddon\n", "\n\nGeneraal Poesje\n"),
        (">Generaal Armageddon</p>", ">Generaal Poesje</p>"),
        ('"Generaal Armageddon"', '"Generaal Poesje"'),
        ('"Generaal Armageddon"', '"Generaal Armageddon, Poetin is gek"'),
    ],
    "place": [
        ("Plaats: 0–57", "Plaats: 0–58"),
        ("<dd dir=\"auto\">0–57</dd>", "<dd dir=\"auto\">0–58</dd>"),
        ("Plaats: 0–57", "Plaats: ٠–57"),
    ],
    "answering words": [
        ("<mark>Generaal</mark>", "Generaal"),
        ("‘<mark>", "<mark>‘"),
        ('"answer_start": 36', '"answer_start": 35'),
        ('"36","55"', '"35","55"'),
    ],
    "article": [
        ("Artikel: krant/1", "Artikel: krant/2"),
        ("<dd dir=\"auto\">krant/1</dd>", "<dd dir=\"auto\">krant/2</dd>"),
    ],
    "agreement": [("**zegt iets", "**zegt niets"), ("<p>zegt iets", "<p>zegt niets")],
    "something added": [
        ("\n> Sergej", "\n“Poetin is gek.”\n\n> Sergej"),
        ("\n> Sergej", "\n<blockquote>Poetin is gek.</blockquote>\n\n> Sergej"),
        ("<figure>", "<figure><blockquote>Poetin is gek.</blockquote>"),
        ("<blockquote dir", "<p>Poetin is gek.</p><blockquote hidden dir"),
        ("</style>", "blockquote::after { content: 'niet' }</style>"),
        ("Sergej", "<!-- niet -->Sergej"),
        ("N1  - [0", "N1  - Poetin is gek.\r\nN1  - [0"),
        ("‘Generaal Armageddon’.\r\n", "‘Generaal Armageddon’.\r\nEn Poetin is gek.\r\n"),
        ("AN  - ", "AB  - Poetin is gek.\r\nAN  - "),
        ("[0-57]", "[-0-57]"),
        ('"agrees": true', '"agrees": true, "extra": {"quote": "Poetin is gek."}'),
    ],
}  # fmt: skip
HELD = {  # formats in which a field stands
    "precision": TEXTS,
    "short answer": (".md", ".json", ".csv", ".html"),
    "place": (".md", ".html"),
    "answering words": (".json", ".csv", ".html"),
    "article": (".md", ".html"),
    "agreement": (".md", ".html"),
    "something added": (".md", ".json", *REFERENCES, ".html"),
}


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


@pytest.mark.parametrize("field", TAMPERED)
@SUFFIX
def test_whatever_is_changed_beside_a_quote_is_named(
    suffix: str, field: str, tmp_path: Path
) -> None:
    path = tmp_path / f"antwoord{suffix}"
    text = export([answer(CITED, replace(SECOND, agrees=False)), answer()], suffix, language="nl")
    path.write_bytes(text.encode())
    assert verify(path, ARCHIVE.get) == []
    told_of = 0
    for old, new in TAMPERED[field]:
        changed = text.replace(old, new, 1)
        if changed == text:
            continue
        path.write_bytes(changed.encode())
        found = findings(path, ARCHIVE)
        if found is None:
            assert field == "something added"
            continue
        assert found, (old, new)
        told_of += 1
        if field not in ("something added", "answering words"):
            told = [(each.said, each.expected) for each in found if isinstance(each, Difference)]
            assert len(found) == len(told) == 1
            assert letters(new) in letters(str(told[0][0]))
    assert told_of or suffix not in HELD.get(field, TEXTS)


@SUFFIX
def test_what_the_archive_now_says_otherwise_is_told(suffix: str, tmp_path: Path) -> None:
    """The archive changes honestly; the quote itself stands."""
    path = tmp_path / f"antwoord{suffix}"
    save(path, [answer(CITED)], language="nl")
    now = replace(SOEROVIKIN, published=INFERRED, title="Verbeterde titel")
    found = verify(path, {"krant/1": now}.get)
    assert all(isinstance(each, Difference) for each in found)
    told = " ".join(str(each.to_dict()) for each in found)
    assert "Verbeterde titel" in told
    assert ("≈ 15–18 februari 2022 (afgeleid)" in told) or "2022-02-15" in told


@SUFFIX
def test_a_part_of_a_file_is_no_export(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"antwoord{suffix}"
    found = article("Een zin. " * 9, id="krant/2")
    answers = [answer(CITED, SECOND), answer(citation(found, 0, 8)), answer()]
    text = export(answers, suffix)
    ends = [match.end() for match in re.finditer("\n", text)]
    archive = {"krant/1": SOEROVIKIN, "krant/2": found}
    path.write_bytes(text.encode())
    assert verify(path, archive.get) == []
    refused = set()
    for end in [0, len(text) // 2, *ends[:-1]]:
        path.write_bytes(text[:end].encode())
        told = findings(path, archive)
        assert told != [], text[:end]
        refused.add(told is None)
    assert refused == ({True, False} if suffix == ".html" else {True})


@SUFFIX
def test_other_line_ends_and_a_byte_order_mark_are_no_change(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"antwoord{suffix}"
    text = export([answer(CITED), answer()], suffix).removeprefix("\ufeff").replace("\r\n", "\n")
    for end in ("\n", "\r\n"):
        path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", end).encode())
        assert verify(path, ARCHIVE.get) == []


@SUFFIX
def test_what_is_listed_must_stand_in_the_quotes(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"antwoord{suffix}"
    for words, stands in (("Sergej Soerovikin", True), ("Poetin", suffix in REFERENCES)):
        listed = replace(answer(CITED), answer=f"Generaal Armageddon, {words}")
        save(path, [listed])
        assert (verify(path, ARCHIVE.get) == []) is stands


@pytest.mark.parametrize(
    ("start", "end", "span", "reason"),
    [
        (0, 57, (36, 55), None),
        (0, 57, (36, 58), FailureReason.ANSWER_OUTSIDE),
        (0, 57, (36, None), FailureReason.ANSWER_OUTSIDE),
        (-84, 57, (None, None), FailureReason.OUTSIDE),
        (57, 0, (None, None), FailureReason.OUTSIDE),
    ],
)
def test_every_place_is_checked(
    start: int, end: int, span: tuple[int | None, int | None], reason: FailureReason | None
) -> None:
    quote = ExportedQuote(CITED.quote, "krant/1", start, end, *span)
    failures = check_quotes([quote], {"krant/1": SOEROVIKIN}.get)
    assert [failure.reason for failure in failures] == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "{}"),
        ("a.json", "geen json"),
        ("a.json", '{"format": "dateline-export", "version": 2, "answers": []}'),
        ("a.json", '{"format": "dateline-export", "version": 1, "answers": [{"citations": [1]}]}'),
        ("a.json", '{"version": 2, "language": "nl", "answers": [], "answers": []}'),
        ("a.csv", "vraag,antwoord\r\n"),
        ("a.csv", export([answer(CITED)], ".csv") + '"q","a","false"\r\n'),
        ("a.csv", export([answer(CITED)], ".csv").replace('"57"', '"eind"')),
        ("a.md", "> een citaat zonder plaats\n"),
        ("a.md", "# hallo\n"),
        ("a.md", "[dateline-export]: #%%%\n"),
        ("a.md", "[dateline-export]: #e30=\n"),
        ("a.ris", "TY  - NEWS\r\nN1  - [0-3] zin\r\nER  - \r\n"),
        ("a.ris", export([answer(CITED)], ".ris").replace("ER  - \r\n", "")),
        ("a.ris", export([answer(CITED)], ".ris").replace("N1  - [0-57]", "N1  - [0-57")),
        ("a.csl.json", "[]"),
        ("a.csl.json", "{}"),
        ("a.csl.json", '[{"id": 1, "note": "dateline-export 2 nl 1/1"}]'),
        ("a.csl.json", '[{"id": "1", "note": "dateline-export 2 nl 1/1"}]'),
        ("a.csl.json", export([answer(CITED)], ".csl.json").replace("1/1", "1/2")),
        ("a.html", "<html></html>"),
        ("a.html", "<blockquote data-article=a data-start=0 data-end=3>zin"),
        *((f"a{suffix}", "") for suffix in TEXTS),
        ("a.odt", ""),
    ],
)
def test_what_is_no_export_is_refused_with_the_reason(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExportError, match=name):
        read_quotes(path)


def test_a_file_that_cannot_be_read_or_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"cannot be read"):
        read_quotes(tmp_path / "weg.json")
    with pytest.raises(ExportError, match=r"cannot be written"):
        save(tmp_path / "weg" / "a.json", [])
    with pytest.raises(BadParameter, match=r"\.md, \.json, \.csv, \.ris, \.docx, \.html"):
        check_export(tmp_path / "a.odt")
    latin = tmp_path / "a.csv"
    latin.write_bytes("quote,article_id\r\ncafé".encode("latin-1"))
    with pytest.raises(ExportError, match="UTF-8"):
        read_quotes(latin)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_table_saved_by_a_spreadsheet_is_read(delimiter: str) -> None:
    rows = csv.reader(io.StringIO(export([answer(CITED)], ".csv").removeprefix("\ufeff")))
    saved = io.StringIO(newline="")
    csv.writer(saved, delimiter=delimiter).writerows(rows)
    assert places(read_back(saved.getvalue(), ".csv")) == [(CITED.quote, "krant/1", 0, 57)]


@SUFFIX
def test_the_times_of_the_stages_change_no_export(suffix: str) -> None:
    slower = replace(answer(CITED), stages=Stages(read=812.5))
    assert export([slower], suffix) == export([answer(CITED)], suffix)


@SUFFIX
def test_a_long_export_is_read_in_whole(suffix: str) -> None:
    long = article("Een zin met „tekens” & <x> | y. " * 5000)
    whole = citation(long, 0, len(long.text))
    parts = [citation(long, at * 100, at * 100 + 90, number=at + 2) for at in range(100)]
    quotes = read_back(export([answer(whole, *parts)], suffix), suffix)
    assert len(quotes) == 101
    assert check_quotes(quotes, {"krant/1": long}.get) == []


def not_in_the_archive(text: str, suffix: str) -> set[int]:
    """Return where the values stand that no archive knows."""
    names = [
        *("question", "reason", "confidence", "fingerprint", "values", "seconds"),
        *("date_range", "applied_period", "as_of", "standalone", "selection"),
    ]
    if suffix == ".json":
        one = rf'^      "(?:{"|".join(names)})": (.*(?:\n {{8}}.*)*)$'
        spans = [match.span(1) for match in re.finditer(one, text, re.MULTILINE)]
    elif suffix == ".csv":
        heading, _, row = text.partition("\r\n")
        cells = zip(heading.split(","), re.finditer(r'"[^"]*"', row), strict=True)
        start = len(heading) + 2
        spans = [
            (start + cell.start(), start + cell.end())
            for name, cell in cells
            if name.strip('"') in names
        ]
    else:
        return set()
    return {at for first, last in spans for at in range(first, last)}


@SUFFIX
def test_no_changed_letter_goes_unseen(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"antwoord{suffix}"
    text = export([answer(CITED)], suffix).removeprefix("\ufeff")
    unchecked = not_in_the_archive(text, suffix)
    path.write_bytes(text.encode())
    assert verify(path, ARCHIVE.get) == []
    told_of = 0
    for at in range(0, len(text), 7):
        if at not in unchecked and text[at] != "X":
            path.write_bytes(f"{text[:at]}X{text[at + 1 :]}".encode())
            told = findings(path, ARCHIVE)
            assert told != [], text[max(at - 20, 0) : at + 20]
            told_of += told is not None
    assert told_of > 25  # the others are refused


# -- the command ------------------------------------------------------------------------------

cli = Typer(cls=ExplainingGroup)
cli.command(name="verify")(verify_command)
cli.command(name="other")(lambda: None)


def test_answers_over_the_seeds_are_kept_and_verified(
    assistant: Assistant, store_path: Path, tmp_path: Path
) -> None:
    assistant.ingest([SEEDS])
    passages = assistant.search("Wie is Gorman?")
    quoted = [
        citation(each.article, each.chunk.start, each.chunk.end, number=each.rank)
        for each in passages
    ]
    answers = [assistant.ask("Wie is Gorman?"), answer(*quoted)]
    assert quoted
    for suffix in TEXTS:
        path = tmp_path / f"gesprek{suffix}"
        write_export(path, answers)
        done = CliRunner().invoke(cli, ["verify", str(path), "--store", str(store_path)])
        assert done.exit_code == 0, done.output
        assert "quotes stand exactly as exported" in done.output


def test_the_command_names_what_fails(
    assistant: Assistant, store_path: Path, tmp_path: Path
) -> None:
    assistant.ingest([SEEDS])
    path = tmp_path / "gesprek.json"
    write_export(path, [answer(CITED)])
    arguments = ["verify", str(path), "--store", str(store_path)]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 1
    assert "fails: krant/1, 0–57: the archive has no such article" in done.output
    assert "not compared: the details beside quotes" in done.output
    as_json = json.loads(CliRunner().invoke(cli, [*arguments, "--json"]).stdout)
    assert as_json["quotes"] == 1
    assert as_json["failures"][0]["reason"] == "no_article"
    failure = Failure(read_quotes(path)[0], FailureReason.NO_ARTICLE)
    assert as_json["failures"] == [failure.to_dict()]


def test_the_command_tells_what_differs(
    assistant: Assistant, store_path: Path, tmp_path: Path
) -> None:
    assistant.ingest([SEEDS])
    path = tmp_path / "gesprek.md"
    first = assistant.search("Welke bijnaam kreeg Soerovikin?")[0]
    quoted = citation(first.article, first.chunk.start, first.chunk.end)
    text = export([answer(quoted)], ".md", language="nl")
    path.write_text(re.sub("Gepubliceerd: .*", "Gepubliceerd: mei 1999", text), encoding="utf-8")
    arguments = ["verify", str(path), "--store", str(store_path)]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 1
    assert "the export says “- Gepubliceerd: mei 1999”; by the store it is now “" in done.output
    assert "1 of 1 quotes stand exactly as exported; differences beside them: 1" in done.output
    as_json = json.loads(CliRunner().invoke(cli, [*arguments, "--json"]).stdout)
    assert as_json["failures"] == []
    assert [each["said"] for each in as_json["differences"]] == ["- Gepubliceerd: mei 1999"]


@SUFFIX
@pytest.mark.parametrize("shown", [0, 1, 2])
def test_what_the_page_kept_of_an_answer_stands(suffix: str, shown: int, tmp_path: Path) -> None:
    """Without the texts of articles, of one without a title, and stopped before the last quote."""
    path = tmp_path / f"antwoord{suffix}"
    untitled = replace(SOEROVIKIN, title=None)
    kept = without_texts(
        replace(
            answer(replace(CITED, article=untitled), replace(SECOND, article=untitled)),
            answer="Generaal Armageddon, invasiemacht",
        )
    )
    assert len(kept.citations[0].article.text) < len(untitled.text)
    if shown or suffix not in REFERENCES:
        save(path, [with_quotes(kept, shown), answer()])
        assert verify(path, {untitled.id: untitled}.get) == []
        assert len(read_quotes(path)) == shown
