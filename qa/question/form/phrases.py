"""Finds the speaker and the topic in the phrases after the verb of a question."""

from __future__ import annotations

import re
from datetime import date

from qa.dates.expressions import find_dates
from qa.question.form.words import ROLES, TAKING_VAN, words_of

_WORD = re.compile(r"[^\s,]+")
_DETERMINERS = words_of(
    "de het een deze die dit dat zijn haar hun ons onze mijn the a an his their its this that"
    " these those my our"
)
_PREPOSITIONS = words_of(
    "over op voor na in bij tijdens tegen met aan om uit door sinds tot naar rond rondom omtrent"
    " tegenover vanaf vanuit wegens volgens als tussen jegens richting binnen onder toen te"
    " about on to for after at during against with from by since under until regarding"
    " concerning when toward towards as into around before"
)
_ADVERBS = words_of(
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag vandaag gisteren nu toen eerder"
    " later zelf er niet ook allemaal eigenlijk precies nog weer vooral toch dan zich daarop"
    " daarover ervan erover hierover daarvan hiervan eraan daaraan ertegen"
    " altijd ooit nooit steeds vaak soms meteen onlangs terug"
    " tevreden ontevreden bezorgd ongerust boos blij trots teleurgesteld"
    " erop hierop volgens"
    " monday tuesday wednesday thursday friday saturday sunday today yesterday now earlier"
    " exactly recently really"
)
_CLAUSE_OPENINGS = words_of("wat hoe waarom waar")
_PARTICLES = words_of("de den der van von ten ter bin al el la le di da du del 't")
_TOPIC_OPENING = re.compile(
    r"(?:(?:(?:al )?het|de|alle|all|the)\s)?(?:nieuws|news|berichtgeving|feiten|berichten|facts)\s"
    r"(?:over|rond|rondom|about|on|of)\s|(?:(?:over|op|van|voor|na|in|bij|tijdens|tegen|met|aan"
    r"|om|uit|door|naar|rond|rondom|omtrent"
    r"|tegenover|jegens|te|about|on|of|to|for|after|in|at|during|against|with|from|by|regarding"
    r"|concerning|toward|towards)\s+|(?:er|nu|zich|now|out|up|ook|zelf|eigenlijk|\w+dag)\s+)+"
)
_ABOUT = re.compile(r"(?:^|\s)(?:over|omtrent|about|regarding)\s+(?=\S)")
_TRAILING = re.compile(
    r"(?:^|\s)(?:aan|toe|voor|op|af|uit|zoal|allemaal|precies|eigenlijk|nou|nu|ook|now|then|please"
    r"|alsjeblieft|aub|in|tussen|sinds|vanaf|tot|rond|begin|eind|heeft|hebben|had|zou|since|until"
    r"|from|during)$"
)
_WORDS_OF_OFFICE = 2  # "van Defensie"
_FEWEST_WITH_NAME = 4  # two words of a name, the article between them, and a preposition
_ANY_DAY = date(2000, 6, 15)


def subject_end(text: str, start: int, verb: str) -> int:
    """Return the end of the subject that begins at `start`, after the verb of a question.

    The subject ends before a preposition, the article of a second phrase, or an adverb of time.
    "Van" continues the subject, unless the verb takes "van".

    >>> text = "de minister van defensie over munitie"
    >>> text[: subject_end(text, 0, "zei")]
    'de minister van defensie'
    >>> text = "china van de plaatsing"
    >>> text[: subject_end(text, 0, "vindt")]
    'china'
    """
    words = list(_WORD.finditer(text, start))
    end = start
    for number, word in enumerate(words):
        if number and _ends_subject(words, number, verb):
            break
        end = word.end()
    return end


def _ends_subject(words: list[re.Match[str]], number: int, verb: str) -> bool:
    word, before = words[number].group(), words[number - 1].group()
    if word in ("van", "of"):
        return _is_of_verb(words, number, verb)
    if (
        word in _ADVERBS
        or word in _CLAUSE_OPENINGS
        or (word in _PREPOSITIONS and word not in ("ten", "ter"))
    ):
        return True
    if word not in _DETERMINERS or before in ("van", "of", "der"):
        return False
    return not _is_in_name(words, number)


def _is_in_name(words: list[re.Match[str]], number: int) -> bool:
    """Tell whether the article stands between two words of a name ("Hugo de Jonge over")."""
    if words[number].group() not in _PARTICLES or number != 1 or len(words) < _FEWEST_WITH_NAME:
        return False
    is_one_word = words[number + 2].group() in ("over", "about")
    return is_one_word and words[0].group() not in _DETERMINERS


def _is_of_verb(words: list[re.Match[str]], number: int, verb: str) -> bool:
    """Tell whether "van" begins the topic, and does not continue the subject.

    Where "van" occurs twice, the first belongs to a subject such as "de Raad van State" or "Jan van
    der Berg".
    """
    if not re.fullmatch(TAKING_VAN, verb):
        return False
    follows = words[number + 1].group() if number + 1 < len(words) else ""
    if follows in ("der", "den"):
        return False
    again = number + _WORDS_OF_OFFICE < len(words) and words[number + _WORDS_OF_OFFICE].group()
    is_office = words[0].group() in _DETERMINERS and follows not in _DETERMINERS
    return not (is_office and again in ("van", "of"))


def topic_bounds(
    text: str, start: int, end: int, language: str, *, whole: bool = False
) -> tuple[int, int]:
    """Return the place of the topic in `text[start:end]`, without preposition and period.

    The topic follows "over" or "about" if the text has one of these words, unless `whole` is set.

    >>> text = "op de beurs over het plan van maart 2021"
    >>> first, last = topic_bounds(text, 0, len(text), "nl")
    >>> text[first:last]
    'het plan'
    """
    if not whole and (about := _ABOUT.search(text, start, end)):
        start = about.end()
    start, end = _without_period(text, start, end, language)
    start = _after_adverbs(text, start, end)
    if opening := _TOPIC_OPENING.match(text, start, end):
        start = opening.end()
    start, end = _without_period(text, start, end, language)
    return start, max(start, end)


def _after_adverbs(text: str, start: int, end: int) -> int:
    """Return where the words after the adverbs of a verb begin: "altijd", "terug op het jaar"."""
    while (word := _WORD.search(text, start, end)) and word.group() in _ADVERBS:
        start = word.end()
    return min(end, start + len(text[start:end]) - len(text[start:end].lstrip()))


def _without_period(text: str, start: int, end: int, language: str) -> tuple[int, int]:
    """Leave out a period that begins or ends the phrase, and loose words after the phrase."""
    end = _bare_end(text, start, end)
    found = find_dates(text[start:end], today=_ANY_DAY, language=language)
    first, last = start, end
    if found and found[-1].end == end - start:
        last = _bare_end(text, start, start + found[-1].start)
        last = _without_of(text, start, last)
    if found and found[0].start == 0 and last > start:
        first = start + found[0].end
    while first < last and text[first].isspace():
        first += 1
    return first, max(first, last)


def _without_of(text: str, start: int, end: int) -> int:
    loose = re.search(r"\s(?:van|of|in|op|on)$", text[start:end])
    return start + loose.start() if loose else end


def _bare_end(text: str, start: int, end: int) -> int:
    while True:
        stripped = len(text[start:end].rstrip(" ,"))
        loose = _TRAILING.search(text[start : start + stripped])
        if loose is None:
            return start + stripped
        end = start + loose.start()


def is_role(words: str) -> bool:
    """Tell whether words end in an office or a role ("Zelenski's stafchef")."""
    return bool(re.search(rf"(?:^|\s){ROLES}$", words))
