"""Words: what Dutch and English text is found by, and what a question looks for."""

from __future__ import annotations

import csv
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wordfreq import top_n_list

from index_store.analysis.compounds import compound_parts
from index_store.analysis.folding import fold
from index_store.analysis.language import FUNCTION_WORDS, detect_language
from index_store.analysis.line_breaks import join_broken_words
from index_store.analysis.terms import (
    QuestionTerm,
    analysis_version,
    question_terms,
    terms,
)
from tests.paths import DATA

COMPOUNDS = DATA / "compounds_nl.tsv"
LANGUAGES = st.sampled_from(["nl", "en", "fr", "de", "ar", "el", "tr", "hi", "zh", "xx", None])


def stem(word: str) -> str:
    return terms(word, language="nl")[0]


def found(question: str, text: str, language: str | None = "nl") -> bool:
    """Tell whether every word of the question has one of its alternatives in the text."""
    present = set(terms(text, language=language))
    whole = [term for term in question_terms(question) if term.weight == 1.0]
    return all(present.intersection(term.alternatives) for term in whole)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_content_word_has_a_function_word_for_its_stem(language: str) -> None:
    functional = FUNCTION_WORDS[language]
    frequent = [word for word in top_n_list(language, 20_000) if word.isalpha()]
    taken = [word for word in frequent if terms(word, language=language)[0] in functional]
    assert functional.issuperset(map(fold, taken))  # "één" is "een" on purpose


@pytest.mark.parametrize(
    ("question", "text"),
    [("geweld", "Dat ging wel goed."), ("bijen", "Hij was bij ons."), ("Geert", "Er was niemand.")],
)
def test_a_word_is_not_found_by_a_function_word(question: str, text: str) -> None:
    assert not found(question, text)
    assert found(question, f"{text} {question}")


@pytest.mark.parametrize(
    ("question", "text"), [("overheid", "overheden"), ("waarde", "waarden"), ("kansen", "kans")]
)
def test_their_plurals_are_found_all_the_same(question: str, text: str) -> None:
    assert found(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("troepen", "De troepenopbouw gaat door."),
        ("opbouw van troepen", "troepenopbouw"),
        ("eisen", "veiligheidseisen"),
        ("veiligheid", "veiligheidseisen"),
        ("toespraak", "zijn eindejaarstoespraak"),
        ("satelliet", "Satellietbeelden"),
        ("wapens", "kernwapens"),
        ("gas", "de gaspijpleiding"),
        ("pijpleiding", "de gaspijpleiding"),
        ("granaten", "anti-tankgranaten"),
        ("de-escalatie", "deëscalatie"),
        ("deëscalatie", "De-escalatie"),
        ("NAVO", "NAVO-chef Stoltenberg"),
        ("navo-chef", "NAVO‑chef Stoltenberg"),
        ("Rusland", "Wit-Rusland"),
        ("Wit-Rusland", "(Wit-Rusland)"),
        ("F16", "een F-16."),
        ("Nord Stream 2", "Nord-Stream-2"),
        ("G7-landen", "de G7-landen,"),
        ("tanks", "de T-34 tank"),
        ("Poetin", "POETIN"),
        ("Oekraïne", "Oekraine"),
        ("Oekraine", "Oekrai\u0308ne"),
        ("ministers", "de minister"),
        ("foto", "foto’s"),
        ("wereld", "’s werelds"),
        ("garanties", "ga\u00adran\u200btie"),
        ("100.000", "100,000 troepen"),
        ("100000", "zo'n 100 000 man"),
        ("100.000", "100\u202f000 man"),
        ("1912", "1.912 kernkoppen"),
        ("1,912", "1.912"),
        ("1.234,50", "1234.50"),
        ("3,5", "3.5 procent"),
        ("2021", "op 12-12-2021."),
        ("control", "zie #ArmsControlToday"),
        ("@DarylGKimball", "schrijft @darylgkimball:"),
        ("VS", "De VS-troepen"),
        ("U.S.", "the US army"),
        ("finale", "ﬁnale"),
        ("œuvre", "oeuvre"),
        ("東京", "今日は東京です"),
        ("Київ", "у Київі Київ"),
    ],
)
def test_the_question_meets_the_text(question: str, text: str) -> None:
    assert found(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("3,5", "3500"),
        ("3.5", "35"),
        ("100000", "100.00"),
        ("0,125", "125"),
        ("1015", "10-15"),
        ("ster", "de minister"),
        ("Poetin", "Rusland"),
    ],
)
def test_what_differs_does_not_meet(question: str, text: str) -> None:
    assert not found(question, text)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Kernwapens.", "nl", "kernwapen kern wapen"),
        ("Nuclear weapons.", "en", "nuclear weapon"),
        ("NAVO-chef", "nl", "navo-chef navochef navo chef"),
        ("100.000", "nl", "100.000 100000"),
        ("100 000", "nl", "100000 100 000"),
        ("3,5", "nl", "3,5 3.5"),
        ("10.30 uur", "nl", "10.30 uur"),
        ("12-12-2021", "nl", "12-12-2021 12 2021"),
        ("@NATO", "en", "@nato nato"),
        ("l'opposition", "fr", "l'opposition opposit opposition"),
        ("troepenopbouw", None, "troepenopbouw"),
        ("troepenopbouw", "en", "troepenopbouw"),
        ("", "nl", ""),
        ("!? – …", "nl", ""),
    ],
)
def test_terms_stand_in_order(text: str, language: str | None, expected: str) -> None:
    assert " ".join(terms(text, language=language)) == expected


def test_a_question_keeps_its_content_words_only() -> None:
    asked = question_terms("Hoeveel troepen heeft Rusland, en welke raketten?")
    assert [term.alternatives[-1] for term in asked] == ["troepen", "rusland", "raketten"]
    asked = question_terms("How many troops does Russia have?")
    assert [term.alternatives[-1] for term in asked] == ["troops", "russia"]


def test_function_words_of_the_other_language_are_content() -> None:
    assert found("How many men die?", "men die", "en")
    assert [t.alternatives[-1] for t in question_terms("How many men die?")] == ["men", "die"]


def test_names_in_capitals_are_content() -> None:
    asked = question_terms("Is the WHO right?")
    assert [term.alternatives[-1] for term in asked] == ["who", "right"]
    assert question_terms("What do we know of the US?")[-1].alternatives == ("us",)
    assert [t.alternatives[-1] for t in question_terms("WHO LEADS NATO")] == ["leads", "nato"]


def test_a_question_of_function_words_keeps_them() -> None:
    assert [term.alternatives[-1] for term in question_terms("Wie is het?")] == ["wie", "is", "het"]


def test_parts_weigh_less_than_the_word() -> None:
    assert question_terms("troepenopbouw") == [
        QuestionTerm(("troepenopbouw",), 1.0),
        QuestionTerm(("troep", "troepen"), 0.5),
        QuestionTerm(("opbouw",), 0.5),
    ]
    # Named by itself as well, a part counts fully, and once.
    assert question_terms("troepenopbouw troepen")[1] == QuestionTerm(("troep", "troepen"), 1.0)


@pytest.mark.parametrize(
    ("half", "least_recall", "least_precision", "most_wrongly_split"),
    [("development", 0.95, 0.93, 6), ("held-out", 0.95, 0.95, 2)],
)
def test_compounds_are_taken_apart(
    half: str, least_recall: float, least_precision: float, most_wrongly_split: int
) -> None:
    with COMPOUNDS.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["part"] == half]
    asked = met = given_parts = right = wrongly_split = 0
    for row in rows:
        must = {stem(part) for part in row["must_be_found"].split()}
        allowed = must | {stem(part) for part in row["may_be_found"].split()}
        parts = [stem(part) for part in compound_parts(fold(row["word"]))]
        asked += len(must)
        met += len(must.intersection(parts))
        given_parts += len(parts)
        right += sum(part in allowed for part in parts)
        wrongly_split += bool(parts and not must)
    assert met / asked >= least_recall
    assert right / given_parts >= least_precision
    assert wrongly_split <= most_wrongly_split


@pytest.mark.parametrize(
    "word",
    [
        "minister",
        "president",
        "regering",
        "december",
        "verklaring",
        "onderhandelen",
        "beschuldigen",
    ],
)
def test_simple_words_stay_whole(word: str) -> None:
    assert compound_parts(word) == ()


def test_threads_find_the_same_terms() -> None:
    words = [f"{word}{n}en" for n in "abcdefgh" for word in FUNCTION_WORDS["nl"]]
    expected = [terms(word, language="nl") for word in words]
    again = [word.upper() for word in words] * 4  # other chunks, so nothing is known yet
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda word: terms(word, language="nl"), again))
    assert results == expected * 4


def test_the_version_names_what_the_terms_depend_on() -> None:
    assert "PyStemmer-" in analysis_version()
    assert "wordfreq-" in analysis_version()


@given(st.text(), LANGUAGES)
def test_any_text_gives_clean_terms(text: str, language: str | None) -> None:
    result = terms(text, language=language)
    assert all(term and not any(letter.isspace() for letter in term) for term in result)
    assert result == terms(text, language=language)
    for term in question_terms(text):
        assert term.alternatives
        assert all(spelling.split() == [spelling] for spelling in term.alternatives)


@given(st.text(alphabet=st.characters(exclude_characters="#@")), LANGUAGES)
def test_folded_text_has_the_same_terms(text: str, language: str | None) -> None:
    assert fold(fold(text)) == fold(text)
    assert terms(fold(text), language=language) == terms(text, language=language)


def test_folding_every_changing_character_twice_changes_nothing() -> None:
    every = map(chr, range(0x110000))
    changing = [c for c in every if unicodedata.normalize("NFKD", c.casefold()) != c]
    assert len(changing) > 10_000
    assert [c for c in changing if fold(fold(f"a{c}b")) != fold(f"a{c}b")] == []


@settings(max_examples=200)
@given(
    st.from_regex(
        r"[A-Za-zéëïöü]{2,14}(?:[-'’][A-Za-z0-9]{1,9})?|[0-9]{1,3}([.,][0-9]{3}){0,2}",
        fullmatch=True,
    ),
    st.sampled_from(["nl", "en", "fr", None]),
)
def test_an_indexed_word_is_found_by_asking_it(word: str, language: str | None) -> None:
    indexed = set(terms(word, language=language))
    whole = question_terms(word)[0]
    assert indexed.intersection(whole.alternatives)
    if language == "nl":
        assert all(indexed.intersection(term.alternatives) for term in question_terms(word))


def test_a_very_long_word_is_cut_and_found() -> None:
    assert max(map(len, terms("a" * 100_000 + "東" * 1000, language="nl"))) <= 64


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Wie is Scholz?", "nl"),
        ("Who is Scholz?", "en"),
        ("Wat is Nord Stream 2?", "nl"),
        ("What is Nord Stream 2?", "en"),
        ("Hoeveel doden vielen er?", "nl"),
        ("Did Biden meet Putin?", "en"),
        ("Tell me about the farmers’ protest", "en"),
        ("troepenopbouw", "nl"),
        ("", "nl"),
        ("12 345 – ?!", "nl"),
    ],
)
def test_the_language_of_a_question_is_recognised(question: str, language: str) -> None:
    assert detect_language(question) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("De minister sprak gisteren in Den Haag met de pers.", "nl"),
        ("The president spoke in London yesterday.", "en"),
        ("Der Bundeskanzler sprach gestern in Berlin über die Lage.", "de"),
        ("Le président a parlé hier à Paris de la situation.", "fr"),
        ("", "nl"),
    ],
)
def test_the_language_of_an_article_is_recognised(text: str, language: str) -> None:
    assert detect_language(text, among=("nl", "en", "de", "fr")) == language


def test_nothing_recognised_gives_the_first_language() -> None:
    assert detect_language("2021", among=("en", "nl")) == "en"
    assert detect_language("Wie is dat?", among=("en",)) == "en"


@given(st.text())
def test_the_language_is_one_of_those_asked_for(text: str) -> None:
    assert detect_language(text) in {"nl", "en"}
    assert detect_language(text, among=("fr", "nl")) in {"fr", "nl"}


@pytest.mark.parametrize(
    ("printed", "word"),
    [
        ("de burge-\nmeester kwam", "burgemeester"),
        ("de spoor-\r\n  wegbrug brak", "spoorwegbrug"),
        ("een tim-\nmerfabriek", "fabriek"),
        ("de heer is ge-\nopereerd", "geopereerd"),
        ("de provincie Noord-\nHolland", "Noord-Holland"),
        ("het VVD-\nlid zweeg", "VVD-lid"),
        ("een auto-\nongeluk", "auto-ongeluk"),
        ("the parlia\u00ad\nment voted", "parliament"),
        ("de ge\u00ac\nmeente betaalt", "gemeente"),
        ("de zee-\nen landmacht", "zee"),
    ],
)
def test_a_word_that_a_line_breaks_is_found_whole(printed: str, word: str) -> None:
    assert found(word, printed, "en" if "parlia" in printed else "nl")


@pytest.mark.parametrize(
    "text", ["zee-\nen landmacht", "niet - \n maar", "1990-\n1995", "- een\n- twee"]
)
def test_what_is_no_broken_word_is_left_as_it_is(text: str) -> None:
    assert join_broken_words(text) == text
