"""What a speaker says in an article, and which sentences may be the speaker's."""

from __future__ import annotations

import pytest

from index_store.records import Article, Chunk
from qa.answer.speech import may_be_by, own_words_behind, speech_of
from qa.retrieval.passage import Passage
from qa.retrieval.sentence_ranking import RankedSentence
from tests.store_building import make_article

ELECTION = make_article(
    "a",
    "Wethouder Mirthe Kolk van Polderlijst had op vier zetels gerekend. Haar partij haalde er "
    "negen in Oosterdijk. ‘Ik heb de uitslag drie keer nagelezen’, zei ze na middernacht. "
    "Teun Prins verliet de zaal. „Eerst tellen”, bromde een man achterin. "
    "De professor dacht dat de raad zou krimpen.",
)


def sentence(article: Article, opening: str) -> RankedSentence:
    start = article.text.index(opening)
    stop = article.text.find(". ", start)
    end = stop + 1 if stop >= 0 else len(article.text)
    chunk = Chunk("a", 0, len(article.text), article.text)
    return RankedSentence(Passage(chunk, article, 1.0, 0.9, 3.0, 1), start, end, 1.0)


@pytest.mark.parametrize(
    ("opening", "speaker", "may"),
    [
        ("‘Ik heb", "Mirthe Kolk", True),  # "ze" is her
        ("‘Ik heb", "wethouder Kolk", True),
        ("‘Ik heb", "Teun Prins", False),
        ("Teun Prins", "Teun Prins", True),  # of his deeds
        ("„Eerst", "een bezoeker", True),  # a role is left to the reader
        ("De professor", "professor Bos", True),
    ],
)
def test_words_of_another_named_speaker_are_not_the_askeds(
    opening: str, speaker: str, may: bool
) -> None:
    assert may_be_by(sentence(ELECTION, opening), speaker) is may


def test_a_minister_of_a_department_is_the_minister() -> None:
    said = "Minister Ada Blok van Zorg zei dinsdag dat de kliniek open blijft. Het regende."
    article = make_article("b", said)
    (place,) = speech_of(article, "minister Blok")
    assert article.text[slice(*place)] == said.split(". ", maxsplit=1)[0] + "."
    assert speech_of(article, "minister Zuur") == []


def test_a_speakers_own_words_stand_shortly_behind() -> None:
    told = sentence(ELECTION, "Wethouder")
    words = own_words_behind(told, "Mirthe Kolk")
    assert words
    assert ELECTION.text[words.start : words.end].startswith("‘Ik heb de uitslag")
    assert own_words_behind(words, "Mirthe Kolk") is None  # it quotes her itself
    assert own_words_behind(told, "Teun Prins") is None
    far = make_article("b", ELECTION.text.replace("Haar partij", "Het was stil. " * 40 + "Haar"))
    assert own_words_behind(sentence(far, "Wethouder"), "Mirthe Kolk") is None


def test_own_words_without_a_speaker_are_quoted_with_the_sentence_before() -> None:
    text = "Ecoloog Mia Kool vindt dat het meevalt. „De otter lost het zelf op.” Het regende."
    article = make_article("a", text)
    words = own_words_behind(sentence(article, "Ecoloog"), "Mia Kool")
    assert words
    assert text[words.start : words.end] == text.removesuffix(" Het regende.")
