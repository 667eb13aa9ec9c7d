"""Questions made from the sentences of an archive, with and without an answer in it.

They do not replace questions of people. The answerable ones use the words of the sentence that
answers, so they are easier; the others differ from them only in a name or a number. They show how
the scores of *this* archive are distributed, and a calibration needs that.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index_store.records import Article
from qa.evaluation.fitting import FittingQuestion
from qa.text.sentences import split_sentences

_SHORTEST, _LONGEST = 50, 260  # characters of a sentence
_KEPT = 0.7  # of the words that are neither names nor numbers, so that not all are borrowed
_TOLD = re.compile(r"(?<=\s)(?:\d[\d.,]*\d|\d|[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+)*)")
_ASKING = {
    "nl": {"year": "In welk jaar", "number": "Hoeveel", "name": "Wie of wat"},
    "en": {"year": "In which year", "number": "How many", "name": "Who or what"},
}
_ELSEWHERE = {
    "nl": (
        "Hoe lang moet een appeltaart in de oven?",
        "Wie schreef de roman Max Havelaar?",
        "Wat is het kookpunt van ethanol?",
        "Hoeveel spelers telt een waterpoloteam?",
        "In welk jaar werd de stoommachine gepatenteerd?",
        "Welke componist schreef De vier jaargetijden?",
        "Wat is de hoofdstad van Burkina Faso?",
        "Hoe heet het grootste meer van Zweden?",
        "Hoeveel snaren heeft een viool?",
        "Wie ontdekte penicilline?",
        "Welke kleur krijgt lakmoespapier in zuur?",
        "Wat is de wortel uit honderdeenentwintig?",
    ),
    "en": (
        "How long does an apple pie bake?",
        "Who wrote the novel Moby-Dick?",
        "What is the boiling point of ethanol?",
        "How many players are in a water polo team?",
        "Which composer wrote The Four Seasons?",
        "What is the capital of Burkina Faso?",
        "How many strings does a violin have?",
        "Who discovered penicillin?",
    ),
}


@dataclass(frozen=True, slots=True)
class _Source:
    """A sentence with a name or number to ask for: `answer` stands at `start`."""

    language: str
    sentence: str
    start: int
    answer: str


def make_questions(
    articles: Iterable[Article], *, count: int, seed: int = 0
) -> list[FittingQuestion]:
    """Return about `count` questions: half answerable, half not.

    The unanswerable ones are answerable questions whose passages are left out, questions with
    another name or number, and some on subjects that archives rarely cover.
    """
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    sources = [source for article in articles for source in _sources(article)]
    chance.shuffle(sources)
    made = []
    for number, source in enumerate(sources[:count]):
        kind = number % 4
        asked = FittingQuestion(_question(source, chance), (source.answer,))
        if kind == 2:
            made.append(replace(asked, leave_out=True))
        elif kind == 3:
            other = chance.choice(sources)
            made += _exchanged(source, other, chance)
        else:
            made.append(asked)
    languages = sorted({source.language for source in sources})
    made += [FittingQuestion(each, ()) for language in languages for each in _ELSEWHERE[language]]
    return made


def _sources(article: Article) -> Iterator[_Source]:
    language = article.language if article.language in _ASKING else "nl"
    for span in split_sentences(article.text, language=language):
        sentence = article.text[span.start : span.end]
        if span.heading is not None or not _SHORTEST <= len(sentence) <= _LONGEST:
            continue
        for found in _TOLD.finditer(sentence):
            if sentence.count(found.group()) == 1:
                yield _Source(language, sentence, found.start(), found.group())


def _question(source: _Source, chance: random.Random) -> str:
    """Return a question for the answer, from some of the other words of its sentence."""
    words = _ASKING[source.language]
    number = re.sub(r"[.,]", "", source.answer)
    kind = "name" if not number.isdigit() else "year" if _is_year(source.answer) else "number"
    before = source.sentence[: source.start].split()
    after = source.sentence[source.start + len(source.answer) :].split()
    kept = [word for word in [*before, *after] if _is_telling(word) or chance.random() < _KEPT]
    return f"{words[kind]} {' '.join(kept).strip(' .,;:!?')}?"


def exchange_names(asked: Sequence[FittingQuestion], *, seed: int = 0) -> list[FittingQuestion]:
    """Return unanswerable questions: the given ones with another name or number.

    The new name or number comes from another of the questions. A question with neither gives none.

    >>> exchange_names(  # doctest: +NORMALIZE_WHITESPACE
    ...     [
    ...         FittingQuestion("Wie leidt Frankrijk?", ("A",)),
    ...         FittingQuestion("Wie zag Kiev?", ("B",)),
    ...     ]
    ... )
    [FittingQuestion(question='Wie leidt Kiev?', answers=(), leave_out=False),
     FittingQuestion(question='Wie zag Frankrijk?', answers=(), leave_out=False)]
    """
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    told = [(each.question, found) for each in asked for found in _TOLD.finditer(each.question)]
    made = []
    for each in asked:
        own = [found for question, found in told if question == each.question]
        if not own:
            continue
        one = chance.choice(own)
        others = [
            found.group()
            for _, found in told
            if found.group() not in each.question
            and found.group()[0].isdigit() == one.group()[0].isdigit()
        ]
        if others:
            start, end = one.span()
            changed = each.question[:start] + chance.choice(others) + each.question[end:]
            made.append(FittingQuestion(changed, ()))
    return made


def _exchanged(source: _Source, other: _Source, chance: random.Random) -> Sequence[FittingQuestion]:
    """Return the question with another name or number; nothing if neither fits."""
    question = _question(source, chance)
    told = list(_TOLD.finditer(question))
    if not told or other.answer in source.sentence:
        return ()
    one = chance.choice(told)
    if one.group()[0].isdigit() != other.answer[0].isdigit():
        return ()
    changed = question[: one.start()] + other.answer + question[one.end() :]
    return (FittingQuestion(changed, ()),)


def _is_telling(word: str) -> bool:
    return word[0].isdigit() or word[0].isupper()


def _is_year(text: str) -> bool:
    return re.fullmatch(r"1[5-9]\d\d|20\d\d", text) is not None
