"""Reads names and descriptions of speakers, and tells whether two of them fit one speaker."""

from __future__ import annotations

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ADJECTIVE = re.compile(r"(?:se|sche|ish|ese|ian|can|ch)$")  # of a nationality: Poolse, Polish
_WORD = re.compile(r"[^\W\d_][\w'’.-]*|\d[\d.,]*")
PRONOUNS = {
    "nl": _set("hij zij ze hem haar hen"),
    "en": _set("he she they him her them"),
}
_DETERMINERS = _set(
    "de het een zijn haar hun onze deze dit die dat the a an his her their its this"
)
_PARTICLES = _set("van der den de ter ten het von bin al la le di da el 't in")
_ONWARD = _set("van voor of at for bij en and")
_NOBODY = _set(
    """
    er men daar hier toen nu later daarna eerder ook nog zo wie die dat dit wat het it who
    which that this there what niemand nobody je u we wij ik i you
    """
)
# Words that end a noun phrase without a name in it.
_STOPS = _set(
    """
    in op onder langs naast later uit naar na voor tegen via met om te geen zeker inmiddels
    echter sprake
    door over tijdens bij
    als of toen zo ook nog al niet nooit wel dan eerder gisteren vandaag morgen maandag
    dinsdag woensdag donderdag vrijdag zaterdag zondag dat waarom hoe wie waar die en maar
    want is was zijn waren heeft hebben had hadden zou zullen zal wordt worden werd werden
    gaat gaan ging reed kan kunnen moet moeten wil willen mag zich erop aan vol toe weten
    niets er hem haar volgens zelf on to from with after before about during by as when while
    not never that whether and but is was were are has have had will would be been who which
    in into monday tuesday wednesday thursday friday saturday sunday yesterday today at of did
    """
)
_NOT_ALONE = _DETERMINERS - {"haar"}
# Things that can follow "volgens" and are no speakers.
_THINGS = _set(
    """
    planning schema dienstregeling plan plannen regels wet patroon principe verwachting
    traditie recept afspraak akkoorden akkoord contract protocol methode hetzelfde gewoonte
    dag week maand jaar uur avond middag ochtend nacht day week month year hour night schedule
    rules plan law sun custom tradition recipe protocol contract standards
    """
)
# Capitals that news uses for a government; capital and country are one speaker.
_CAPITALS = {
    "moskou": "rusland", "kremlin": "rusland", "peking": "china", "moscow": "russia",
    "beijing": "china", "kiev": "oekraïne", "kyiv": "ukraine", "londen": "verenigd koninkrijk",
    "parijs": "frankrijk", "paris": "france", "berlijn": "duitsland", "berlin": "germany",
}  # fmt: skip
_TITLES = _set(
    """
    minister premier president koning koningin wethouder burgemeester trainer coach hoogleraar
    directeur voorzitter advocaat kamerlid senator woordvoerder woordvoerster spokesman
    spokeswoman prime foreign mayor dr professor weerman bioloog inspecteur commissaris boer
    columnist moeder vader queen king reporter sportarts staatssecretaris bondscoach
    gouverneur actor judge captain kapitein ingenieur cafébaas
    """
)
_HONORIFICS = _set("mr mrs ms dr dhr mevr meneer mevrouw prof drs ir sir")
_BEFORE_NAME = _DETERMINERS | _TITLES | _HONORIFICS


def noun_phrase_end(text: str, start: int, language: str, limit: int) -> int | None:
    """Return the end of the noun phrase that begins at `start`, or None.

    >>> text = "de Belgische premier De Croo maandag in Gent"
    >>> text[:noun_phrase_end(text, 0, "nl", len(text))]
    'de Belgische premier De Croo'
    """
    words = _words(text, start, limit)
    if words and words[0].group().lower() in PRONOUNS[language]:
        return words[0].end()
    if not words or words[0].group().lower() in _NOBODY - _DETERMINERS:
        return None
    end = _walk([word.group() for word in words])
    phrase = [word.group().lower() for word in words[:end]]
    if not end or set(phrase) <= _DETERMINERS | _NOBODY:
        return None
    return words[end - 1].start() + len(words[end - 1].group().rstrip(".'’"))


def _words(text: str, start: int, limit: int) -> list[re.Match[str]]:
    """Return the words from `start` on that only white space separates, at most sixteen."""
    found: list[re.Match[str]] = []
    at = start
    while len(found) < 16 and (word := _WORD.match(text, at, limit)):
        found.append(word)
        at = word.end()
        if word.group()[-1] == "." and not _is_abbreviation(word.group()):
            break
        while at < limit and text[at] == " ":
            at += 1
        if at == word.end():
            break
    return found


def _is_abbreviation(word: str) -> bool:
    return word.lower().rstrip(".") in _HONORIFICS or len(word) == 2


def _walk(words: list[str]) -> int:
    """Return how many of the words form the phrase: a description of somebody, then a name."""
    named = False
    lower = 0
    for number, word in enumerate(words):
        following = words[number + 1] if number + 1 < len(words) else ""
        low = word.lower()
        if number and low in _ONWARD and _begins_phrase(following):
            named, lower = False, 0
        elif word[0].isupper() and (number > 0 or low not in _STOPS):
            is_adjective = following[:1].islower() and _ADJECTIVE.search(word)
            named = named or (not is_adjective and (number > 0 or low not in _DETERMINERS))
        elif low in _PARTICLES and named and following[:1].isupper():
            continue
        elif _ends(low, named, lower, number):
            return number
        else:
            lower += low not in _DETERMINERS
    return len(words)


def _begins_phrase(word: str) -> bool:
    return word[:1].isupper() or word.lower() in _DETERMINERS


def _ends(low: str, named: bool, lower: int, number: int) -> bool:
    is_stop = low in _STOPS and not (number == 0 and low in _DETERMINERS)
    return named or lower > 3 or is_stop or low[0].isdigit()


def is_speaker(phrase: str) -> bool:
    """Tell whether a phrase can name a speaker.

    >>> is_speaker("planning"), is_speaker("de politie")
    (False, True)
    """
    words = phrase.lower().split()
    if not words or words[0] in (_NOBODY - _DETERMINERS) | _THINGS or words[-1] in _THINGS:
        return False
    return len(words) > 1 or words[0] not in _NOT_ALONE


def name_in(phrase: str) -> tuple[str, ...]:
    """Return the words of the name in a phrase, without the description of the person.

    >>> name_in("De Poolse premier Mateusz Morawiecki"), name_in("Minister Kaag")
    (('Mateusz', 'Morawiecki'), ('Kaag',))
    """
    words = phrase.split()
    lower = [n for n, word in enumerate(words) if word[0].islower() and word not in _PARTICLES]
    if lower and lower[-1] + 1 < len(words) and words[lower[-1]] not in _DETERMINERS:
        words = words[lower[-1] + 1 :]
    words = [word for word in words if word[0].isupper() or word in _PARTICLES]
    first, last = 0, len(words) - 1
    while first < last and words[first].lower().rstrip(".") in _BEFORE_NAME:
        if words[first] == "De" and not lower and first == last - 1:
            break
        first += 1
    return tuple(words[first:])


def speaks(speaker: str, name: str) -> bool:
    """Tell whether the name in a question means this speaker.

    Different first names are different people; a last name alone fits every first name.

    >>> speaks("De Russische president Poetin", "Vladimir Poetin"), speaks("Jan Smit", "Piet Smit")
    (True, False)
    >>> speaks("Moskou", "Rusland"), speaks("Minister Kaag", "de minister")
    (True, True)
    """
    one, other = name_in(speaker), name_in(name)
    if _has_title(one, speaker) and _has_title(other, name):
        return _same_name(one, other)
    asked = _content(name)
    said_by = _content(speaker)
    return bool(asked) and (asked <= said_by or _state(asked) == _state(said_by))


def _has_title(found: tuple[str, ...], phrase: str) -> bool:
    """Tell whether the words found are a name, and not a capitalised word in a description."""
    return bool(found) and phrase.endswith(found[-1]) and found[-1].lower() not in _TITLES


def _same_name(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    short, long = sorted(([w.lower() for w in one], [w.lower() for w in other]), key=len)
    return long[-len(short) :] == short or _state(set(short)) == _state(set(long))


def _content(phrase: str) -> set[str]:
    return {word.strip(".,'’").lower() for word in phrase.split()} - _DETERMINERS


def _state(words: set[str]) -> str:
    joined = " ".join(sorted(words))
    return _CAPITALS.get(joined, joined)


def title_of(phrase: str) -> str:
    """Return the role in a phrase without a name ("de minister" -> "minister"), or ""."""
    words = phrase.lower().split()
    return words[-1] if len(words) == 2 and words[0] in ("de", "the", "het") else ""
