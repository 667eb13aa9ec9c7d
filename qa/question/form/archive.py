"""The forms of questions about the archive itself: its articles, sources, authors and days.

Each form begins with a head, which shows the measure. The topic follows, among words that only
frame it: "Hoeveel artikelen | zijn er verschenen over | de brug | in dit archief".
"""

from __future__ import annotations

import re
from enum import StrEnum

from qa.question.form.words import ARCHIVE, ARTICLES, SOURCES


class ArchiveMeasure(StrEnum):
    """What a question asks about the archive itself."""

    COUNT = "count"
    SOURCE_COUNT = "source_count"
    SOURCES = "sources"
    FIRST = "first"
    LAST = "last"
    AUTHOR = "author"
    SUBJECT = "subject"
    PERIOD = "period"
    ARTICLES = "articles"


_THIS = r"(?:(?:dit|het|de|deze|jullie|je|this|the|your|that)\s)"
_IN_ARCHIVE = rf"(?:in|uit|van|of) {_THIS}?{ARCHIVE}"
_IN_PRINT = rf"in (?:(?:de|het|een|the) )?(?:{SOURCES}|nieuws|news)"
_AUTHORS = (
    r"(?:auteurs?|schrijvers?|journaliste?n?|redacteur(?:en)?|verslaggevers?|verslaggeefsters?"
    r"|correspondent(?:en|s)?|authors?|writers?|journalists?|reporters?)"
)
_ON = r"(?:over|on|about|regarding|omtrent|rond)"
_WROTE = r"(?:schreef|schreven|schrijft|schrijven|geschreven|wrote|writes?|written)"
_REPORTED = r"(?:bericht(?:ten?|en)?|melden|meldden|report(?:s|ed)?|covered|cover)"
_APPEARED = (
    r"(?:verschenen|verscheen|verschijnt|gepubliceerd|geplaatst|gehad|published?|appear(?:s|ed)?"
    r"|printed|c[ao]me out)"
)
_MENTIONING = (
    r"(?:gaan|gaat|gingen|ging|noem(?:en|t|den?)|vermeld(?:en|t|den)|spreken|bevat(?:ten)?"
    r"|mentions?|mentioning|discuss|contains?|deal with|talk|refer to|speak of|gesproken)"
)
_MENTIONED = (
    r"(?:genoemd|vermeld|aangehaald|geciteerd|mentioned|named|quoted|come up|show up"
    r"|voorkom(?:t|en)|voor|op)"
)
# "Hoe vaak komt X voor?", but not "Hoe vaak scoorde X voor Y?".
_MENTIONED_OFTEN = (
    r"(?:(?:kom(?:t|en)|kwam(?:en)?|duik(?:t|en)|dook|doken)\b.* (?:voor|op)"
    r"(?=$| (?:in|uit|sinds)\b)"
    rf"|(?!(?:voor|op)\b){_MENTIONED})"
)
_AUXILIARY = (
    r"(?:zijn|is|zitten|zit|sta(?:at|an)|stond(?:en)?|komt|komen|kwam(?:en)?|duik(?:t|en)|dook"
    r"|word(?:t|en)|werd(?:en)?|telt|tellen|heeft|hebben|heb|had|are|was|were|been|does|do|did|has"
    r"|have|there|er|je|jullie|you|zien|tonen|las|lees|read|besta(?:at|an))"
)
_ATTENTION = r"(?:(?:besteedd?en?|besteedt|gaven|paid|gave) )?(?:aandacht aan|attention to)"
_THE_WORD = r"(?:het woord|de (?:naam|term)|the (?:word|name|term)|iets|something|anything)"
_MOST = r"(?:(?:het )?(?:vaakst|meest)|(?:the )?most(?: often)?)"
_SINCE = r"(?:uit|in|van|from|sinds|since) (?:\w+ )?\d{4}(?=\s)"  # another module reads the period
_FRAME = (
    rf"(?:{_IN_ARCHIVE}|{_THIS}{ARCHIVE}|{_IN_PRINT}|{_SINCE}|{_ATTENTION}|{_THE_WORD}|{_MOST}|{_WROTE}|{_REPORTED}"
    rf"|{_APPEARED}|{_MENTIONING}|{_MENTIONED}|{_AUXILIARY}|{_ON}|(?:een|an?|any) {ARTICLES}|waarin"
    r"|that|with|met|door|van|uit|in|by|from)"
)
_FIRST_TIME = r"(?:(?:(?:voor )?het |als )?eerste?|(?:the )?first(?: time)?)"
_LAST_TIME = r"(?:(?:(?:voor )?het |als )?laatste?|(?:the )?last(?: time)?)"
_OLDEST = r"(?:eerste|oudste|vroegste|first|oldest|earliest)"
_NEWEST = r"(?:laatste|nieuwste|recentste|meest recente|latest|newest|most recent|last)"
_MANY = (
    r"(?:(?:wat is|what is|what's) )?(?:(?:het|the) )?(?:hoeveel|aantal|how many|number of)"
    r"(?: (?:of the|van de))?"
)
_OFTEN = r"(?:hoe vaak|hoeveel keer|how often|how many times)"
_WHICH = r"(?:in |uit |van |from )?(?:welke?|which|what)"
_WHEN = r"(?:wanneer|when)"
_ASKING = (
    r"(?:wat|welk|what(?:'s)?|which|wanneer|when|(?:uit|van|in) (?:wanneer|welk jaar|welke krant)"
    r"|van wanneer|hoe oud|how old|toon|show)"
)
_LIST = (
    r"(?:toon|geef|zoek|vind|laat|lijst|show|list|find|give)(?: (?:me|mij|ons|us))?"
    r"(?: (?:een lijst (?:van|met)|a list of))?(?: (?:het|de|alle|elk|al het|the|all|every|any))?"
)
_ARE_THERE = (
    r"(?:is er|is there|zijn er|heb je|bestaan er|staan er|are there|do you have|have you)"
    r"(?: ook| any)?"
)
_PRINTED = rf"(?:{_MENTIONED}|{_WROTE}|{_REPORTED}|{_APPEARED}|{_IN_PRINT}|{_ON})"
# Stricter: "voor het eerst" holds a "voor", and "a first finding on the accident" an "on".
_PRINTED_ONCE = (
    rf"(?:genoemd|vermeld|aangehaald|geciteerd|mentioned|named|quoted|come up|show up"
    rf"|{_WROTE}|{_REPORTED}|{_APPEARED}|{_IN_PRINT}"
    r"|(?:kom(?:t|en)|kwam(?:en)?|duik(?:t|en)|dook|doken)\b.* (?:voor|op)$"
    rf"|(?:iets|something|anything|(?:gaat|ging|was) het|was there) .*\b{_ON})"
)


def _form(measure: ArchiveMeasure, head: str, *, frame: str = _FRAME) -> tuple[ArchiveMeasure, str]:
    """Return a form: the head, then the topic, if any, between words of the frame."""
    framed = _all_of(rf" {frame}\b")
    return measure, rf"{head}{framed}(?: (?P<topic>.+?))?(?: {frame})*"


def _all_of(pattern: str) -> str:
    """Return a pattern that takes all there is of another one, and gives nothing back.

    That is what `*+` is for, but Python before 3.11.5 loses matches by it if the inner pattern has
    choices (CPython issue 106052).
    """
    return rf"(?=(?P<all>(?:{pattern})*))(?P=all)"


def _first_or_last(
    measure: ArchiveMeasure, extreme: str, time: str
) -> tuple[tuple[ArchiveMeasure, str], ...]:
    told = rf"(?:gaat|ging) het|(?:de|het|een|the|a) {SOURCES}"
    frame = rf"(?:{time}|(?:als |het |de |the )*{extreme}$|{told}|{_FRAME})"
    return (
        _form(measure, rf"{_ASKING}(?: \w+){{0,2}}? (?:(?:het|de|the) )?{extreme} {ARTICLES}"),
        _form(
            measure, rf"{_WHICH} {ARTICLES}(?=.* (?:als |het |de |the )*{extreme}$)", frame=frame
        ),
        _form(measure, rf"{_WHICH} {SOURCES}(?=.* {time} )(?=.* {_ON} )", frame=frame),
        _form(
            measure,
            rf"{_WHEN}(?=.*\b{time}\b)(?=.*\b{_PRINTED_ONCE}(?: |$))(?: {_IN_PRINT})?",
            frame=frame,
        ),
    )


_A = ArchiveMeasure
ARCHIVE_FORMS: tuple[tuple[ArchiveMeasure, str], ...] = (
    _form(_A.SOURCE_COUNT, rf"(?:in )?{_MANY}(?: \w+)? {SOURCES}(?= {_FRAME}\b|$)"),
    _form(_A.COUNT, rf"(?:in )?{_MANY}(?: \w+)? {ARTICLES}(?= {_FRAME}\b|$)"),
    _form(_A.COUNT, rf"{_OFTEN}(?=.* (?:{_MENTIONED_OFTEN}|{_WROTE}|bericht(?:te)?|appear)\b)"),
    _form(
        _A.COUNT,
        rf"(?:hoeveel|how much) (?:hebben jullie|heb je|is er|staat er|do you have|is there)"
        rf"(?= {_ON})",
    ),
    (_A.COUNT, rf"(?:hoe (?:groot|omvangrijk) is|how (?:big|large) is) {_THIS}?{ARCHIVE}"),
    *_first_or_last(_A.FIRST, _OLDEST, _FIRST_TIME),
    *_first_or_last(_A.LAST, _NEWEST, _LAST_TIME),
    _form(_A.FIRST, rf"(?:vanaf|sinds|since) {_WHEN}(?=.* (?:{_WROTE}|{_REPORTED}))(?=.* {_ON})"),
    _form(
        _A.SOURCES,
        rf"{_WHICH} {SOURCES}(?= {_FRAME}\b)(?=.* (?:{_PRINTED}|{_MENTIONING}|{ARCHIVE}"
        rf"|{_ATTENTION})\b)",
    ),
    _form(
        _A.AUTHOR,
        rf"(?:{_WHICH}|wie van de) {_AUTHORS}(?=.* (?:{_WROTE}|{_REPORTED}))(?=.* {_ON} )",
    ),
    _form(
        _A.AUTHOR,
        rf"(?:door )?(?:wie|who)(?: (?:is|heeft|hebben|has|have|er|{_MOST}|{_WROTE}))+"
        rf"(?:(?= (?:{_SINCE} )?{_ON} )| (?:het|de|dit|dat|deze|the|this|that|een|an?|die)(?: \w+)?"
        rf" {ARTICLES}\b)",
    ),
    _form(
        _A.AUTHOR,
        rf"(?:wie|who) (?:is|was|zijn|are) (?:de |the )?{_AUTHORS} (?:van|of|in) {_THIS}"
        rf"(?:{ARTICLES}|{ARCHIVE})",
    ),
    _form(_A.AUTHOR, rf"van wie is (?:het|dit|dat) {ARTICLES}\b"),
    (
        _A.SUBJECT,
        rf"(?:waar gaa?n?t?|waarover gaa?n?t|wat (?:zit|staat|vind ik|kan ik vinden|is)(?: er)?"
        rf"(?: allemaal)?(?: in)?) {_THIS}?(?:{ARCHIVE}|{ARTICLES})(?: over| gaat)?",
    ),
    (
        _A.SUBJECT,
        rf"(?:what (?:is|are)(?: in)? {_THIS}?(?:{ARCHIVE}|articles)(?: about)?"
        rf"|wat voor {ARTICLES} (?:zijn|zitten|staan).*"
        rf"|(?:over )?welke onderwerpen (?:komen|zitten|staan|zijn er|worden|heb je).*"
        rf"|(?:what|which) (?:topics|subjects) (?:are|do you|does {_THIS}?{ARCHIVE}).*"
        rf"|what does {_THIS}?{ARCHIVE} (?:cover|contain).*|wat bevat {_THIS}?{ARCHIVE})",
    ),
    (
        _A.PERIOD,
        rf"(?:(?:over |uit )?welke (?:periode|jaren|tijd)|van wanneer(?: tot wanneer)?|tot wanneer"
        rf"|(?:what|which) (?:period|years|dates)|how far back|hoe ver) .*\b{ARCHIVE}\b.*",
    ),
    _form(_A.ARTICLES, rf"{_WHICH} {ARTICLES}(?= {_FRAME}\b)"),
    _form(_A.ARTICLES, rf"{_LIST} {ARTICLES}(?= {_FRAME}\b)"),
    _form(
        _A.ARTICLES,
        rf"(?:{_ARE_THERE} )?(?:(?:het|de|een|alle|al het|the|an?|all|any) )?{ARTICLES}(?= {_ON} )",
    ),
    _form(
        _A.ARTICLES,
        rf"(?:komt|komen|staat|is|zit)(?: there)?(?: er)?(?=.* {_IN_ARCHIVE})"
        r"(?=.* (?:voor|iets|anything)\b)",
    ),
)

_FRAMED = re.compile(
    _all_of(rf"(?:{_FIRST_TIME}|{_LAST_TIME}|{_FRAME}) ") + rf"(?P<topic>.*?)(?: {_FRAME})*",
    re.IGNORECASE,
)


def without_frame(topic: str) -> tuple[int, int]:
    """Return the place of a topic among words that only frame it.

    >>> [topic[slice(*without_frame(topic))] for topic in ("gaan over PFAS", "PFAS verschenen")]
    ['PFAS', 'PFAS']
    """
    framed = _FRAMED.fullmatch(topic)
    return framed.span("topic") if framed else (0, len(topic))
