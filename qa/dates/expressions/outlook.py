"""Tells from the clause around a date whether it looks back at that day or ahead to it."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache

# How far from a date its verb is looked for, in characters.
_REACH = 160
_SENTENCE_END = re.compile(r"[.!?…]['\"’”)]*\s+(?=[A-ZÀ-Ý„“\"'‘(])|\n")

DUTCH_PAST = r"""
    (?: was | waren | werd(?:en)? | had(?:den)? | heeft | hebben | zei(?:den)? | zag(?:en)?
      | kwam(?:en)? | ging(?:en)? | kreeg | kregen | deed | deden | gaf | gaven | nam | namen
      | bleek | bleken | bleef | bleven | vond(?:en)? | stond(?:en)? | liet(?:en)? | begon(?:nen)?
      | hield(?:en)? | sprak(?:en)? | schreef | schreven | verloor | verloren | won(?:nen)?
      | overleed | stierf | stierven | viel(?:en)? | brak(?:en)? | sloot | sloten | koos | kozen
      | reed | bracht(?:en)? | besloot | besloten | kon(?:den)? | moest(?:en)? | wilde(?:n)?
      | wist(?:en)? | dacht(?:en)? | riep(?:en)? | verscheen | verschenen | steeg | stegen
      | daalde(?:n)? | trad(?:en)? | trok(?:ken)? | afgelopen | vorige? | geleden | destijds | toen
      | (?!ge|derde|vierde|waarde|aarde|ziekte|diepte|sterkte|drukte|wereld)
        \w{2,} (?: [rlmgd]de | [kp]te ) n? )
"""
ENGLISH_PAST = r"""
    (?: was | were | had | has | have | said | told | did | made | took | came | went | got | gave
      | found | held | began | became | met | won | lost | fell | rose | broke | died | left | ago
      | last | (?!expected|planned|scheduled|need)\w{3,}ed )
"""
# Strong verbs with their separable part in front, as at the end of a clause, and some more.
_MORE_DUTCH_PAST = r"""
    (?: (?:aan|af|op|uit|in|plaats|om|terug|over|be|ont|ver|neer|binnen|door|mee|toe|bij|weg)?
        (?: kwam | ging | nam | vond | trad | viel | stond | trok | liep | lag | zat | sloeg
          | schoot | vroeg | ving | vloog | hing | droeg | liet | hield | stak | sprong
          | vocht ) (?:k?en)?
      | liepen | lagen | zaten | schoten | staken | namen | vertrok(?:ken)? | zette(?:n)?
      | eiste(?:n)? | botste(?:n)? | stortte(?:n)? | brandde(?:n)? | \w{2,}ndde(?:n)?
      | groeide(?:n)?
      | \w{3,}ierde(?:n)? | reisde(?:n)? | verdween | verdwenen | \w{0,4}ving(?:en)?
      | greep | grepen
      | leed | leden\sonder | streed | streden | \w{0,3}wierp(?:en)? | hielp(?:en)? | verbood
      | (?:ver)?kocht(?:en)? | (?:be|onder|op|uit)?zocht(?:en)? | mocht(?:en)? | \w{2,}chtte(?:n)?
      | \w{2,}[^aeiou\W]tte(?:n)? | nadat
      | bezweek | overwoog | vlogen | droegen | sloegen | vroegen | hingen | doken | dook | bood
      | boden | genoot | genoten
      | kroop | schrok(?:ken)? | verwees | wees | wezen\sop | bewees | prees
      | \w{3,}[aeiou]sde(?:n)? | \w{3,}[lmr]sde(?:n)? | \w{2,}[^aeiou\W]fde(?:n)? | leefde(?:n)?
      | (?!ge|(?:be|her|ver)\w*uwde\b)\w+(?:aai|oei|ooi|uw)de(?:n)?
      | (?:be)?woonde(?:n)? | (?:be|ver|aan)?toonde(?:n)? | beloonde(?:n)? | (?:ver)?diende(?:n)?
      | meende(?:n)? | (?:uit|ver)?leende(?:n)? | (?:her)?opende(?:n)?
      | (?:aan|be|onder)?tekende(?:n)? | (?:be)?rekende(?:n)? | regende | oefende(?:n)?
      | herkende(?:n)? | gebeurde(?:n)? | geloofde(?:n)? | proefden | beloofden | hoefden
      | streefden | vierden | (?:fiet|plaat|bot|kwet|flit|schet|poet)sten | (?:aan)?pasten
      | dansten | misten | (?:op)?losten | blusten | (?:be)?straften | (?:uit|toe)?lachten
      | juichten
      | (?:aan|af|op|uit|in|om|over|be|ont|ver|neer|mee|toe|bij|weg|samen|terug)?
        (?: at(?:en)? | sliep(?:en)? | kroop | beet | beten | smolt(?:en)? | klom(?:men)?
          | dreef | dreven | rees | rezen | zonk(?:en)? | zwom(?:men)? | dronk(?:en)?
          | klonk(?:en)? | zong(?:en)? | drong(?:en)? | dwong(?:en)? | schonk(?:en)? | zwierf
          | zwierven | bewoog | bewogen | bedroog | bedrogen | vroor | smeet | smeten | gleed
          | gleden | zweeg | zwegen | keek | keken | leek | leken | blies | bliezen | hief
          | hieven | kneep | knepen | zwoer(?:en)? | bleef | bleven )
      | (?:boog|bogen)\szich )
"""
# Infinitives and numerals that look like a past tense.
_NO_DUTCH_PAST = r"(?!worden|honderden|\w*melden|\w*gelden|\w*handelen)"
_ENGLISH_PERFECT = r"(?:has|have)\s(?:\w+ed|been|\w+en|\w+wn)"
_PERFECT = r"(?:is|zijn|heeft|hebben|bent|ben)"
_PARTICIPLE = r"""
    (?: (?!gemeente|gebied|gebouw|geen|genoeg|gesloten|geopend|gepland|gezien|geldt|gevangen)
        (?:aan|af|op|uit|in|terug|om|over|neer|toe|bij|weg|door|mee)?ge\w{2,}(?:d|t|en)
      | (?!verwacht|bekend|best|beschikbaar|bereid|berust|bent|begint|vergeet)
        (?:be|ver|ont|her)\w{3,}(?:d|t|en) | over(?:leden|den) )
"""
_DUTCH_AHEAD = r"""
    (?: zal | zullen | zult | gaat | gaan | wil | willen | moet(?:en)? | gepland | verwacht(?:en)?
      | komende | aanstaande | hoop(?:t|en) | van\splan | binnenkort | eerstvolgende )
"""
_DUTCH_REPORTS = r"(?: zegt | zeggen | meldt | schrijft | aldus | bevestigt )"
_DUTCH_PRESENT = r"""
    (?: wordt | worden | is | zijn | kan | kunnen | mag | mogen | doet | doen | volgt | volgen
      | begint | beginnen | start(?:en)? | opent | openen | sluit(?:en)? | speelt | spelen | komt
      | komen | vertrekt | vertrekken | treedt | treden | houdt | houden | viert | vieren | dient
      | dienen | staat | staan | geldt | gelden | stijgt | stijgen | stemt | stemmen
      | kiest | kiezen
      | reist | reizen | neemt | nemen | krijgt | krijgen | besluit | valt | vallen | uiterlijk
      | vanaf | per | ingaande )
"""
_ENGLISH_AHEAD = r"""
    (?: will | shall | going\sto | is\sto | are\sto | scheduled | expect(?:s|ed)? | plans? | planned
      | due | upcoming | next | coming )
"""
_ENGLISH_PRESENT = r"""
    (?: is | are | be | can | must | until | from | starts? | begins? | (?:re)?opens? | closes?
      | runs? | takes? | goes | go | goes | votes? | meets? | plays? | defends? | stays? | faces?
      | holds? | hosts? | returns? | leaves? | visits? | decides? | kicks | hears? )
"""
# Words right before a date that move what was planned to it, whatever the tense.
_MOVED = {
    "nl": r"(?: naar | (?:uitgesteld|aangehouden|verdaagd|geschorst|opgeschort)\stot"
    r" | (?:gepland|vastgesteld|bepaald)\s(?:op|voor) | met\singang\svan )",
    "en": r"(?: (?:postponed|moved|put\soff|adjourned|delayed)\s(?:to|until)"
    r" | (?:set|scheduled|planned)\sfor | with\seffect\sfrom )",
}
_BELONGS = {"nl": r"van", "en": r"of"}
# "Een rapport uit juli", "de in juli aangenomen wet": what is there already.
_OUT_OF = re.compile(r"\buit\s+(?:de\s+)?$", re.IGNORECASE)
_DETERMINED = re.compile(
    r"\b(?:de|het|een|deze|haar|hun)\s+(?:(?:in|op|sinds)\s+)?$", re.IGNORECASE
)
_SHOWS = re.compile(r"\s+blijk(?:t|en)\s+dat\b")  # "uit de peiling in juli blijkt dat …"
_ATTRIBUTIVE = re.compile(
    r"\s+(?!\w*(?:geplande|verwachte|voorziene)\b|(?:be|ver|ont|her)\w+nende\b)(?:\w{2,4})?"
    r"(?:ge|be|ver|ont|her)\w{2,}(?:de|te|en)\s+\w"
)
_CLAUSE = {
    "nl": r"[,;:()–—]\s|\s(?=(?:dat|die|waar\w*|nadat|omdat|als|toen|terwijl|zodat|voordat|of|en"
    r"|maar|want|wie|welke|hoewel|mits|zodra)\s)",
    "en": r"[,;:()–—]\s|\s(?=(?:that|which|who|whom|after|because|if|when|while|before|whether|and"
    r"|but|although|once)\s)",
}
_NO_VERB = """
    met dat het niet wat tot uit dit iet net vast laat laatst eerst juist ooit nooit rest stad tijd
    een en geen tegen tussen binnen buiten samen boven beneden achter alleen morgen eigen
    zeven negen tien dertien vijftien zestien zeventien achttien negentien mensen leden
"""
_FINITE = re.compile(r"[a-zà-ÿ]{2,}(?:t|en)")


class Outlook(StrEnum):
    """How a clause looks at a day in it."""

    PAST = "past"
    AHEAD = "ahead"
    PRESENT = "present"  # of what is fixed: "begint", "is", mostly of a day to come
    OPEN = "open"


def outlook_of(
    text: str, start: int, end: int, *, language: str, clause_only: bool = False
) -> Outlook:
    """Return the outlook of the clause around the date `text[start:end]`, or else of its sentence.

    >>> text = "De minister zei vrijdag dat de wet op 1 juli ingaat."
    >>> [outlook_of(text, text.index(day), text.index(day) + len(day), language="nl").value
    ...  for day in ("vrijdag", "1 juli")]
    ['past', 'present']
    """
    tongue = "nl" if language == "nl" else "en"
    left, right = text[max(start - _REACH, 0) : start], text[end : end + _REACH]
    left, right = _cut(left, right, _SENTENCE_END)
    if _before(_MOVED[tongue]).search(left):
        return Outlook.AHEAD
    if _before(_BELONGS[tongue]).search(left) and not right.startswith((" af ", " tot ")):
        return Outlook.OPEN  # "de overval van donderdag"
    if tongue == "nl" and _is_of_the_past(left, right):
        return Outlook.PAST
    clause_left, clause_right = _cut(left, right, re.compile(_CLAUSE[tongue]))
    within = _judged(clause_left, clause_right, tongue)
    if within is Outlook.OPEN and not clause_only:
        return _judged(left, right, tongue)
    return within


def _is_of_the_past(left: str, right: str) -> bool:
    """Tell whether the words beside a date make it a trait of what is there, as "uit" does."""
    is_trait = _DETERMINED.search(left) and _ATTRIBUTIVE.match(right)
    return bool(_OUT_OF.search(left) or _SHOWS.match(right) or is_trait)


def _judged(left: str, right: str, tongue: str) -> Outlook:
    """Return the outlook that the words on both sides of a date give; the nearest verb decides."""
    ahead = _nearest(_words(tongue, "ahead"), left, right)
    past = _nearest(_words(tongue, "past"), left, right)
    if ahead is not None and (past is None or ahead <= past):
        return Outlook.AHEAD
    if past is not None or (tongue == "nl" and _is_perfect(left, right)):
        return Outlook.PAST
    if _nearest(_words(tongue, "present"), left, right) is not None:
        return Outlook.PRESENT
    if tongue == "nl" and _has_finite(left, right):
        return Outlook.PRESENT
    is_told = tongue == "nl" and _compiled(_PARTICIPLE).search(f"{left} {right}")
    return Outlook.PAST if is_told else Outlook.OPEN  # "geboren op 3 april"


def _is_perfect(left: str, right: str) -> bool:
    words = f"{left} {right}"
    participle = bool(_compiled(_PARTICIPLE).search(words))
    passive_now = bool(_compiled(r"(?:wordt|worden)").search(words))
    return participle and not passive_now and bool(_compiled(_PERFECT).search(words))


def _has_finite(left: str, right: str) -> bool:
    """Tell whether a present verb stands in a usual Dutch place: beside the date, or at the end."""
    before, after = re.findall(r"[\w-]+", left), re.findall(r"[\w-]+", right)
    if before and before[-1] in ("op", "voor", "tot", "van", "om"):
        before.pop()
    places = [*before[-1:], *after[:1], *after[-1:]]
    return any(
        _FINITE.fullmatch(word)
        and word not in _no_verbs()
        and not (word.startswith("ge") and _compiled(_PARTICIPLE).fullmatch(word))
        for word in places
    )


@cache
def _no_verbs() -> frozenset[str]:
    return frozenset(_NO_VERB.split())


def _nearest(pattern: re.Pattern[str], left: str, right: str) -> int | None:
    """Return the distance from the date to the nearest match, in characters."""
    distances = [len(left) - match.end() for match in pattern.finditer(left)]
    following = pattern.search(right)
    return min([*distances, *([following.start()] if following else [])], default=None)


def _cut(left: str, right: str, boundary: re.Pattern[str]) -> tuple[str, str]:
    begin = max((match.end() for match in boundary.finditer(left)), default=0)
    stop = boundary.search(right)
    return left[begin:], right[: stop.start()] if stop else right


@cache
def _words(tongue: str, kind: str) -> re.Pattern[str]:
    patterns = {
        "nl-past": (
            _NO_DUTCH_PAST + DUTCH_PAST.replace("| heeft | hebben", ""),
            _MORE_DUTCH_PAST,
            _DUTCH_REPORTS,
        ),
        "nl-ahead": (_DUTCH_AHEAD,),
        "nl-present": (_DUTCH_PRESENT,),
        "en-past": (ENGLISH_PAST.replace("| has | have", ""), _ENGLISH_PERFECT),
        "en-ahead": (_ENGLISH_AHEAD,),
        "en-present": (_ENGLISH_PRESENT,),
    }
    return _compiled("(?:" + "|".join(patterns[f"{tongue}-{kind}"]) + ")")


@cache
def _before(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b{pattern}\s+(?:(?:op|de|het|on)\s+)?$", re.VERBOSE | re.IGNORECASE)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b{pattern}\b", re.VERBOSE | re.IGNORECASE)
