"""Checks a follow-up that somebody else completed: every word that tells must have been said."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from index_store.analysis.folding import fold
from index_store.analysis.language import FUNCTION_WORDS, detect_language
from index_store.analysis.terms import terms
from qa.question.followup.dependence import FollowUp, examine
from qa.question.followup.phrases import (
    Phrase,
    QuestionWord,
    request_end,
    telling_phrases,
    words_of,
)
from qa.question.followup.standalone import added
from qa.question.followup.vocabulary import VOCABULARIES, FollowUpVocabulary

_LANGUAGES = tuple(VOCABULARIES)
_LONGEST = 300  # characters
_MOST_CARRIED = 8
_PUNCTUATION = frozenset(" ,.?!:;'’\"“”()-")
_FUNCTION_WORDS = frozenset[str]().union(*FUNCTION_WORDS.values())
_TURNING = frozenset[str]().union(*(known.turning for known in VOCABULARIES.values()))


@dataclass(frozen=True, slots=True)
class Completion:
    """A completed question, and its phrases that the typed question does not have."""

    question: str
    carried: tuple[str, ...]


def check_completion(line: str, question: str, told: Sequence[str]) -> Completion | None:
    """Return a completed question if it keeps what was asked and adds only what was said.

    `line` is the completed question, which nobody has checked. `told` holds the earlier questions
    and short answers. The line counts if

    - it is one line of at most 300 characters that ends as a question or a sentence, in the
      language of the typed question, without any sign that nobody typed;
    - each word of it that tells something, and each number and name, stands in the typed question
      or in `told`. Other forms of a word count as the word, and so do parts of compounds, but not
      for numbers and names. Words of a name that stand together must have been said together;
    - it has all such words of the typed question, its question words, and at least one word more.

    >>> check_completion("Hoeveel kostte de brug?", "Hoeveel kostte dat?", ["de brug van Gent"])
    Completion(question='Hoeveel kostte de brug?', carried=('brug',))
    >>> check_completion("Hoeveel kostte de sluis?", "Hoeveel kostte dat?", ["de brug van Gent"])
    """
    language = detect_language(question)
    if not _has_form(line, [question, *told]) or detect_language(line) != language:
        return None
    typed, whole = examine(question, language), examine(line, language)
    said, asked, completed = _Said((question, *told)), _Said((question,)), _Said((line,))
    if not all(said.holds(word) for word in _telling(whole)):
        return None
    if not all(completed.holds(word) for word in _to_keep(typed)):
        return None
    phrases = telling_phrases(line, whole.words, whole.known)
    if not all(said.holds_name(_name_words(each, line)) for each in phrases if each.is_name):
        return None
    new = [word for word in _telling(whole) if not asked.holds(word)]
    carried = _carried(new, phrases)
    return Completion(line, carried) if 0 < len(carried) <= _MOST_CARRIED else None


def without_words(completion: Completion, question: str, without: Collection[str]) -> Completion:
    """Return a completion without some of its carried phrases, which the person removed.

    The rest is then added to the typed question, as the rules add it.

    >>> whole = Completion("Hoeveel kostte de brug van Gent?", ("brug", "Gent"))
    >>> without_words(whole, "Hoeveel kostte dat?", ["Gent"]).question
    'Hoeveel kostte dat (brug)?'
    """
    kept = tuple(each for each in completion.carried if each not in without)
    if kept == completion.carried:
        return completion
    return Completion(added(examine(question, detect_language(question)), kept, None), kept)


def tells(text: str) -> bool:
    """Tell whether a text holds any word that a follow-up could leave out.

    >>> tells("Wat gebeurde er?"), tells("de dijk brak")
    (False, True)
    """
    return any(_tells(word, VOCABULARIES[detect_language(text)]) for word in words_of(text))


class _Said:
    """The words of some texts, in the forms that count as the same word."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    @cached_property
    def _words(self) -> list[list[str]]:
        return [[fold(word.text) for word in words_of(text)] for text in self._texts]

    @cached_property
    def _literal(self) -> frozenset[str]:
        return frozenset(word for words in self._words for word in words)

    @cached_property
    def _whole(self) -> frozenset[tuple[str, str]]:
        return frozenset(form for word in self._literal for form in _forms(word))

    @cached_property
    def _parts(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (language, term)
            for language in _LANGUAGES
            for word in self._literal
            for term in terms(word, language=language)
        )

    def holds(self, word: QuestionWord) -> bool:
        """Tell whether the texts have a word, or another form of it."""
        if _must_be_literal(word):
            return fold(word.text) in self._literal
        if _has_capital(word) and word.lower in _FUNCTION_WORDS:  # "WHO" is not "who"
            return any(word.text == said.text for text in self._texts for said in words_of(text))
        known = self._whole if _has_capital(word) else self._parts
        return not known.isdisjoint(_forms(fold(word.text)))

    def holds_name(self, name: Sequence[str]) -> bool:
        """Tell whether one of the texts has the words of a name next to each other."""
        wanted = [set(_forms(fold(word))) for word in name]
        return any(
            all(
                not forms.isdisjoint(_forms(word))
                for forms, word in zip(wanted, words[start:], strict=False)
            )
            for words in self._words
            for start in range(len(words) - len(wanted) + 1)
        )


def _forms(word: str) -> Iterator[tuple[str, str]]:
    """Yield the stem of a whole word in each language."""
    for language in _LANGUAGES:
        yield from ((language, stem) for stem in terms(word, language=language)[:1])


def _has_form(line: str, said: Sequence[str]) -> bool:
    """Tell whether a line could be a question: one line, closed, without signs of its own."""
    if len(line) > _LONGEST or not line.endswith(("?", ".")):
        return False
    known = _PUNCTUATION.union(*said)
    return all(
        character.isalnum() or (character in known and character.isprintable())
        for character in line
    )


def _telling(asked: FollowUp) -> list[QuestionWord]:
    """Return the words of a question that must have been said."""
    return [word for word in asked.words if _tells(word, asked.known) or _asks(word, asked)]


def _tells(word: QuestionWord, known: FollowUpVocabulary) -> bool:
    """Tell whether a word is more than grammar: also "twee", "laatste" and "niet" are."""
    if _must_be_literal(word) or _has_capital(word):
        return True
    silent = (known.function, known.verbs, known.prepositions, known.openers)
    return not any(word.lower in words for words in silent)


def _must_be_literal(word: QuestionWord) -> bool:
    """Tell whether no other form of a word says the same: numbers, and "niet" or "isn't"."""
    has_digit = any(character.isdigit() for character in word.text)
    return has_digit or word.lower in _TURNING or word.lower.endswith("n't")


def _has_capital(word: QuestionWord) -> bool:
    """Tell whether a word may be a name, by a capital that no start of a question explains."""
    return word.text[0].isupper() and word.start > 0


def _asks(word: QuestionWord, asked: FollowUp) -> bool:
    return word.lower in asked.known.askers


def _to_keep(typed: FollowUp) -> list[QuestionWord]:
    """Return the words of the typed question that a completed question must have, too."""
    known = typed.known
    standing_in = known.things | known.pointers | known.pointing_adverbs | known.talk
    standing_in |= known.persons | known.plurals | known.possessives
    rest = typed.words[request_end(typed.words, known) :]
    return [word for word in _telling(typed) if word in rest and word.lower not in standing_in]


def _name_words(name: Phrase, line: str) -> list[str]:
    """Return the words of a name; a verb with a capital at the start of a question is none."""
    found = [word.text for word in words_of(line[name.start : name.end])]
    return found[1:] if name.start == 0 and len(found) > 1 else found


def _carried(new: Sequence[QuestionWord], phrases: Sequence[Phrase]) -> tuple[str, ...]:
    """Return the phrases with new words in them, and the new words outside phrases, in order."""
    found = {each.start: each.text for each in phrases if any(_is_in(word, each) for word in new)}
    apart = [word for word in new if not any(_is_in(word, each) for each in phrases)]
    found |= {word.start: word.text for word in apart}
    return tuple(dict.fromkeys(text for _, text in sorted(found.items())))


def _is_in(word: QuestionWord, phrase: Phrase) -> bool:
    return phrase.start <= word.start < phrase.end
