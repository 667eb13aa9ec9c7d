"""The forms of questions about the archive itself: its articles, sources, authors and days."""

from __future__ import annotations

import re
from enum import StrEnum

from qa.question.form.words import ARCHIVE, ARTICLES, SOURCES


class ArchiveMeasure(StrEnum):
    """What is asked of the archive itself."""

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
_ON = r"(?:over|on|about|regarding|omtrent|rond)"
_ME = r"(?:(?:me|mij|ons|us)\s)?"
_LEADING = r"(?:(?:het|de|alle|elk|al het|the|all|every|any)\s)?"
_TOPIC = r"(?P<topic>.+)"
_ABOUT = r"(?P<about>.+?)"
_NAMED_FIRST = r"(?P<matter>.+?)"
_MATTER = r"(?P<matter>.+)"  # the topic, in a pattern that has one already
_MOST = r"(?:(?:er|(?:het )?(?:vaakst|meest)|(?:the )?most(?: often)?) )?"
_YEAR = r"(?:(?:uit|in|van|from|sinds|since) (?:\w+ )?\d{4} )?"  # before what it is about
_MENTION = (
    r"(?:gaan|gaat|gingen|ging|noemen|noemt|noemden|vermelden|vermeldt|bevatten|bevat|schreven"
    r"|schrijven|schreef|schrijft|berichtten|berichten|bericht|berichtte|melden|meldden|spreken"
    r"|mention|mentions|mentioned|wrote|write|reported|report|covered|cover|discuss|contain"
    r"|contains|deal|are|is|talk|were)"
)
_STANDS = (
    r"(?:zijn|is|zitten|zit|staan|staat|stonden|stond|heb|heeft|hebben|bevat|telt|tellen|verschenen|verscheen"
    r"|are|is|does|do|were|appeared)"
)
_HERE = rf"(?:in {_THIS}?{ARCHIVE} )?"
_THE_WORD = r"(?:(?:het woord|de (?:naam|term)|the (?:word|name|term)) )?"
_NAMED = r"(?:genoemd|vermeld|voor|mentioned|named|appear)"
_WRITE = r"(?:write|written|publish|published|geschreven|gepubliceerd)"
_WRITTEN = r"(?:geschreven |verschenen |gepubliceerd |written |published )?"
_BY = r"(?:van|door|in|uit|by|from)"
_ARE_THERE = r"(?:(?:zijn|staan|zitten)(?: er)?|are there|do you have)"
_MOST_RECENT = r"(?:laatste|nieuwste|recentste|meest recente|latest|newest|most recent|last)"
_OLDEST = r"(?:eerste|oudste|vroegste|first|oldest|earliest)"
_AND_TOPIC = rf"(?:.*?\b{_ON} {_TOPIC}|.*)"
_MENTIONING = re.compile(rf"(?:er )?(?:{_MENTION} )?(?:{_ON} )?{_THE_WORD}", re.IGNORECASE)
_PRINTED = re.compile(
    r"(?:^(?:het )?eerst )|"
    r"(?:^|(?: (?:er|have|has|were|was|is|zijn|werden|there))* )"
    r"(?:verschenen|gepubliceerd|geschreven|geplaatst|gehad|published|appeared|printed|written)"
    r"(?: (?:er|zijn|is|was|werden|have|has|were))*$",
    re.IGNORECASE,
)
_APPEARED = r"(?: (?:verschenen|gepubliceerd|geschreven|published|appear|appeared|printed))?"
_ABOUT_IT = rf"(?:.*?\b{_ON} (?P<topic>.+?){_APPEARED}|.*)"


def _counting(measure: ArchiveMeasure, things: str) -> tuple[tuple[ArchiveMeasure, str], ...]:
    """Return the forms that ask how many articles, or how many sources, there are."""
    many = rf"(?:in )?(?:hoeveel|aantal|how many|number of) (?:\w+ )?{things} {_YEAR}{_HERE}"
    lazy = r"(?P<topic>.+?)"
    return (
        (measure, rf"{many}(?:wordt|werd|komt|komen|is|was|are|were|does) (?:er )?{lazy} {_NAMED}"),
        (
            measure,
            rf"{many}(?:er )?{_MENTION} {_YEAR}(?:er |there )?(?:with )?(?:{_ON} )?(?:het {_ON} )?"
            rf"{_THE_WORD}{_TOPIC}",
        ),
        (measure, rf"{many}{_ON} {_TOPIC}"),
        (measure, rf"{many}(?:did|has|have|heeft|hebben) {lazy} {_WRITE}"),
        (measure, rf"{many}(?:{_STANDS} )?(?:er )?{_WRITTEN}{_BY} {lazy}(?: {_ARE_THERE})?"),
        (measure, rf"{many}(?:er )?{_STANDS}\b{_AND_TOPIC}"),
    )


def _since_when(
    measure: ArchiveMeasure, adverb: str, extreme: str
) -> tuple[tuple[ArchiveMeasure, str], ...]:
    """Return the forms that ask when something was written about the first, or the last time."""
    verb = r"(?:is|werd|wordt|verscheen|stond|was)"
    written = r"(?: (?:geschreven|bericht|verschenen|written|published))?"
    about = rf"{_ON} (?P<topic>.+?)"
    return (
        (measure, rf"(?:wanneer|when) {verb} (?:er )?{adverb} (?:iets )?{about}{written}"),
        (measure, rf"(?:wanneer|when) {verb} (?:er )?(?:iets )?{about} {adverb}{written}"),
        (measure, rf"(?:wanneer|when) (?:schreef|berichtte) (?:.+ )?{adverb} {_ON} {_TOPIC}"),
        (measure, rf"when was the {extreme} time (?P<topic>.+?) was {_NAMED}"),
        (measure, rf"(?:welke?|which) {SOURCES} (?:.+ )?(?:als|het) {extreme}\b.*? {_ON} {_TOPIC}"),
    )


def _ranking(measure: ArchiveMeasure, extreme: str) -> tuple[tuple[ArchiveMeasure, str], ...]:
    """Return the form that asks which article comes first or last, with its verb in between."""
    verb = r"(?:is|was|verscheen|appeared|came(?: out)?)"
    about = rf"(?:{_ON} (?P<topic>.+?) )?"
    which = rf"(?:welke?|which|what) {ARTICLES}"
    return ((measure, rf"{which} {about}{verb} (?:er )?(?:(?:als|het|de|the) )*{extreme}"),)


ARCHIVE_FORMS: tuple[tuple[ArchiveMeasure, str], ...] = (
    *_counting(ArchiveMeasure.SOURCE_COUNT, SOURCES),
    *_counting(ArchiveMeasure.COUNT, ARTICLES),
    (
        ArchiveMeasure.COUNT,
        rf"(?:hoe vaak|hoeveel keer|how often) (?:(?:schreef|schreven|berichtten?) (?:.+? )?{_ON}"
        rf" {_TOPIC}|(?:is|werd|wordt) (?:er )?{_ON} {_NAMED_FIRST} (?:geschreven|bericht))",
    ),
    (
        ArchiveMeasure.COUNT,
        r"(?:hoe vaak|hoeveel keer|how often|how many times) (?:wordt|werd|worden|is|was|komt|are"
        r"|were) (?P<topic>.+?) (?:in het archief |in the archive )?(?:genoemd|vermeld|voor"
        r"|mentioned|named|aangehaald|geciteerd|quoted)(?: .*)?",
    ),
    (
        ArchiveMeasure.COUNT,
        rf"(?:hoeveel|how much) (?:hebben jullie|heb je|is er|staat er|do you have"
        rf"|is there) {_ON} {_TOPIC}",
    ),
    (
        ArchiveMeasure.COUNT,
        r"(?:hoe vaak|hoeveel keer|how often|how many times) (?:duik\w*|dook|verschijn\w*|verscheen"
        r"|does|do|did) (?:de naam |the name )?(?P<topic>.+?) (?:op|appear|come up"
        r"|show up)(?: in .+)?",
    ),
    (
        ArchiveMeasure.COUNT,
        rf"(?:hoe (?:groot|omvangrijk) is|how (?:big|large) is) {_THIS}?{ARCHIVE}",
    ),
    (
        ArchiveMeasure.SOURCES,
        rf"(?:in |uit |from |in )?(?:welke?|which|what) {SOURCES} (?:er )?(?:(?:{_MENTION}"
        rf"|{_STANDS}"
        rf"|werd|wordt|was) (?:er )?{_MOST}(?:over |about |on |of )?(?:(?:in|er in) {_THIS}?{ARCHIVE}"
        rf"|{_TOPIC})|{_ON} {_MATTER})",
    ),
    (
        ArchiveMeasure.SOURCES,
        rf"(?:welke?|which) {SOURCES} (?:besteedd?en?|besteedt|gaven|gaf|paid|gave) (?:.+? )?"
        rf"(?:aandacht aan|attention to|coverage to) {_TOPIC}",
    ),
    (
        ArchiveMeasure.SOURCES,
        rf"(?:welke?|which) {SOURCES} (?:hebben|heeft|have) (?:het )?{_ON} (?P<topic>.+?) (?:gehad"
        rf"|geschreven|bericht|written)",
    ),
    (
        ArchiveMeasure.SOURCES,
        rf"(?:in|uit) welke {SOURCES} (?:stond|stonden|staat|las|lees|verscheen"
        rf"|verschenen) (?:ik |er )?"
        rf"(?:iets |het |een {ARTICLES} )?{_ON} {_TOPIC}",
    ),
    (
        ArchiveMeasure.FIRST,
        rf"(?:(?:vanaf|sinds) wanneer (?:wordt|werd) (?:er )?{_ON} {_TOPIC} (?:geschreven|bericht)"
        rf"|(?:wanneer|when) (?:stond|verscheen|was|did) (?:er )?(?:voor het eerst )?"
        rf"(?:(?:iets|something|anything) )?{_ON} {_ABOUT}(?: voor het eerst| first)?{_APPEARED}"
        rf"|wanneer stond {_NAMED_FIRST} voor het eerst in (?:de|een) {SOURCES})",
    ),
    (
        ArchiveMeasure.FIRST,
        rf"(?:(?:vanaf|sinds|since) (?:wanneer|when) (?:schr\w+|bericht\w*|did) .+? {_ON} {_TOPIC}"
        rf"|(?:wanneer|when) (?:schr\w+|bericht\w*|did) .+? (?:voor het eerst|first)"
        rf"(?: write| report)? {_ON} {_MATTER})",
    ),
    (
        ArchiveMeasure.AUTHOR,
        r"(?:welke?|which|what) (?:journaliste?n?|redacteur|verslaggever|verslaggeefster"
        r"|correspondent"
        rf"|auteur|journalists?|reporters?|author) (?:schreef|schreven|wrote|berichtte)"
        rf"(?: .+?)? {_ON} {_TOPIC}",
    ),
    (
        ArchiveMeasure.FIRST,
        rf"(?:wanneer|when|van wanneer|in welke krant|(?:uit|van) welk jaar) (?:\w+ )?(?:het|de"
        rf"|the) {_OLDEST}"
        rf" {ARTICLES}{_ABOUT_IT}",
    ),
    (
        ArchiveMeasure.LAST,
        rf"(?:wanneer|when|van wanneer|in welke krant) (?:\w+ )?(?:het|de|the) {_MOST_RECENT}"
        rf" {ARTICLES}{_ABOUT_IT}",
    ),
    (
        ArchiveMeasure.FIRST,
        rf"(?:wat|welk|what|which|toon|show)(?: \w+)? (?:het|de|the)? ?{_OLDEST} {ARTICLES}\b"
        rf"{_ABOUT_IT}",
    ),
    (
        ArchiveMeasure.LAST,
        rf"(?:wat|welk|what|which|toon|show)(?: \w+)? (?:het|de|the)? ?{_MOST_RECENT} {ARTICLES}\b"
        rf"{_ABOUT_IT}",
    ),
    *_since_when(ArchiveMeasure.FIRST, "(?:voor het eerst|first)", "(?:eerste?|first)"),
    *_since_when(ArchiveMeasure.LAST, "(?:voor het laatst|last)", "(?:laatste?|last)"),
    *_ranking(ArchiveMeasure.FIRST, rf"(?:{_OLDEST}|eerst)"),
    *_ranking(ArchiveMeasure.LAST, rf"(?:{_MOST_RECENT}|laatst)"),
    (
        ArchiveMeasure.FIRST,
        r"(?:wanneer|when) (?:werd|wordt|was|is|kwam) (?:er )?(?:(?:voor het )?eerst )?(?:over )?"
        r"(?P<topic>.+?) (?:voor het eerst|first)(?: in .+)? ?(?:genoemd|vermeld|mentioned|voor"
        r"|geschreven|bericht)",
    ),
    (
        ArchiveMeasure.FIRST,
        r"(?:wanneer|when) (?:werd|was) (?:er )?voor het eerst over (?P<topic>.+?)"
        r" (?:geschreven|bericht)",
    ),
    (
        ArchiveMeasure.LAST,
        r"(?:wanneer|when) (?:werd|wordt|was|is|kwam) (?:er )?(?P<topic>.+?) (?:voor het laatst"
        r"|last)"
        r" (?:genoemd|vermeld|mentioned|voor)",
    ),
    (
        ArchiveMeasure.AUTHOR,
        rf"(?:wie|who) (?:schreef|schreven|schrijft|wrote|writes)(?: (?:het|de|dit|dat|deze|the"
        rf"|this"
        rf"|that|een|an?|die)(?: \w+)? {ARTICLES}\b{_AND_TOPIC}| {_MOST}{_YEAR}{_ON} {_MATTER})",
    ),
    (
        ArchiveMeasure.AUTHOR,
        rf"(?:wie|who) (?:heeft|hebben|has|have) (?:written )?{_MOST}{_ON} (?P<topic>.+?)"
        r"(?: (?:geschreven|bericht))?",
    ),
    (
        ArchiveMeasure.AUTHOR,
        rf"(?:wie|who) (?:is|was|zijn|are) (?:de |the )?(?:auteurs?|schrijvers?|authors?|writers?)"
        rf" (?:van|of) (?:het|de|dit|dat|deze|the|this|that) {ARTICLES}\b{_AND_TOPIC}",
    ),
    (
        ArchiveMeasure.AUTHOR,
        rf"(?:wie|who) (?:zijn|are) (?:de |the )?(?:auteurs|schrijvers|journalisten|authors|writers)"
        rf" (?:in|van|of) {_THIS}?{ARCHIVE}",
    ),
    (ArchiveMeasure.AUTHOR, rf"van wie is (?:het|dit|dat) {ARTICLES}\b{_AND_TOPIC}"),
    (
        ArchiveMeasure.SUBJECT,
        rf"(?:waar gaa?n?t|waarover gaa?n?t|wat (?:zit|staat|vind ik|kan ik vinden|is)(?: er)?"
        rf"(?: allemaal)?(?: in)?) {_THIS}?(?:{ARCHIVE}|{ARTICLES})(?: over| gaat)?",
    ),
    (
        ArchiveMeasure.SUBJECT,
        rf"(?:what (?:is|are)(?: in)? {_THIS}?(?:{ARCHIVE}|articles)(?: about)?"
        rf"|(?:over )?welke onderwerpen (?:komen|zitten|staan|zijn er|worden|heb je).*"
        rf"|(?:what|which) (?:topics|subjects) (?:are|do you|does {_THIS}?{ARCHIVE}).*"
        rf"|what does {_THIS}?{ARCHIVE} (?:cover|contain).*|wat bevat {_THIS}?{ARCHIVE})",
    ),
    (
        ArchiveMeasure.PERIOD,
        rf"(?:(?:over |uit )?welke (?:periode|jaren|tijd)|van wanneer(?: tot wanneer)?|tot wanneer"
        rf"|(?:what|which) (?:period|years|dates)|how far back) .*\b{ARCHIVE}\b.*",
    ),
    (
        ArchiveMeasure.ARTICLES,
        rf"(?:in |uit )?(?:welke?|which|what) {ARTICLES} {_YEAR}(?:(?:komt|komen) (?P<topic>.+?) voor"
        rf"|(?:{_MENTION}|staat|wordt) (?:er )?(?:{_ON} )?{_MATTER})",
    ),
    (ArchiveMeasure.ARTICLES, rf"(?:welke|which|what) {ARTICLES} did (?P<topic>.+?) {_WRITE}"),
    (
        ArchiveMeasure.ARTICLES,
        rf"(?:komt|komen) (?P<topic>.+?) (?:ook )?voor in {_THIS}?{ARCHIVE}"
        rf"|(?:staat|is|is there|zit) (?:er )?(?:iets|anything) in {_THIS}?{ARCHIVE} {_ON} {_MATTER}",
    ),
    (ArchiveMeasure.ARTICLES, rf"(?:welke|which|what) {ARTICLES} (?:zijn er|are there){_AND_TOPIC}"),
    (
        ArchiveMeasure.ARTICLES,
        rf"(?:toon|geef|zoek|vind|laat|lijst|show|list|find|give) {_ME}{_LEADING}{ARTICLES} "
        rf"{_YEAR}"
        rf"(?:{_ON}|waarin|met|that mention|mentioning|with) (?P<topic>.+?)"
        r"(?: (?:zien|voorkomt|wordt genoemd))*",
    ),
    (
        ArchiveMeasure.ARTICLES,
        rf"(?:(?:zijn er|heb je|bestaan er|staan er|are there|do you have|have you)(?: ook| any)? "
        rf")?{_LEADING}{ARTICLES} {_ON} {_TOPIC}",
    ),
)


def after_name(topic: str) -> str:
    """Return what is left of a topic whose name of a source or author was taken away.

    >>> after_name("gaan over stikstof"), after_name("stikstof")
    ('stikstof', 'stikstof')
    """
    rest = _MENTIONING.sub("", topic.strip(), count=1)
    before, behind = about_printing(rest)
    return rest[before : len(rest) - behind].strip()


def about_printing(topic: str) -> tuple[int, int]:
    """Return how many characters before and behind a topic only say that it was printed.

    >>> about_printing("PFAS verschenen"), about_printing("the strike were published")
    ((0, 11), (0, 15))
    """
    found = [each.span() for each in _PRINTED.finditer(topic)]
    before = max((end for start, end in found if start == 0), default=0)
    return before, max((len(topic) - start for start, _ in found if start), default=0)
