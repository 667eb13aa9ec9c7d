"""Tells whether a sentence states, denies, ends, plans or corrects the thing that a span names."""

from __future__ import annotations

import re
from enum import Enum

LONGEST_SENTENCE = 2_000  # characters; the rest of a longer sentence is not read


class State(Enum):
    """What a sentence says of its claim."""

    ASSERTED = "asserted"
    DENIED = "denied"
    ENDED = "ended"
    PLANNED = "planned"
    CORRECTED = "corrected"


_CORRECTED = re.compile(
    r"anders dan (?:eerder )?(?:gemeld|bericht|vermeld)|\bdat (?:moet|had)\b.{0,40}\bzijn\b"
    r"|\brectificatie\b|^correctie\b|^correction\b|ten onrechte (?:dat|vermeld)"
    r"|eerdere versie|earlier version|misstated|should have (?:been|read)|we regret the error",
    re.IGNORECASE,
)
_SUCCEEDED = re.compile(
    r"\b(?:opgevolgd door|vervangen door|succeeded by|replaced by|opvolger (?:is|heet|wordt))\b",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"\bopgestapt\b|\b(?:trad|treedt|traden)\b.{0,40}\baf\b|\bafgetreden\b"
    r"|\bontslag genomen\b"
    r"|\bnam ontslag\b|\b(?:stapte|stapt|stapten)\b.{0,40}\bop\b|\bneergelegd\b"
    r"|\blegde\b.{0,60}\bneer\b|\b(?:verliet|vertrok|vertrokken)\b|\bgesloopt\b|\bopgeheven\b"
    r"|\btot (?:vorig|voor|eind|begin|in|\d{4})\b.{0,30}\b(?:was|waren)\b"
    r"|\b(?:was|waren) tot (?:vorig|voor|eind|begin|in|\d{4})"
    r"|\bvoormalige?\b|\boud-\w+|\bex-\w+|\bvoorganger\b|\bgeen\b.{1,40}\bmeer\b|\bniet langer\b"
    r"|\bontslagen\b|\bafgezet\b"
    r"|\bresign(?:s|ed)\b|\bstep(?:s|ped) down\b|\bformer\b|\bno longer\b|\bpredecessor\b"
    r"|\buntil (?:last|recently|\d{4})\b|\bquit\b|\bousted\b|\bdemolished\b",
    re.IGNORECASE,
)
_DENIAL_OF_CLAUSE = re.compile(  # the words after it are denied, whatever they say
    r"\b(?:ontken|weersprek|weerspreek|weersprak|bestrijd|bestreed|betwist)\w*\b|\bniet waar dat\b"
    r"|\b(?:spreekt|sprak|spraken|spreken) tegen\b|\bdeni(?:es|ed)\b|\bnot true that\b"
    r"|\brejected claims\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\bontken(?:t|nen|de|den)\b|\b(?:niet|never) waar\b|\bonwaar\b|\bonjuist\b|\bgeen\b|\bnooit\b"
    r"|\b(?:spreekt|sprak|spraken|spreken)\b.{0,40}\btegen\b|\bweersprak\w*|\bweerspreekt\b"
    r"|\bklop(?:t|pen|te|ten)\b.{0,60}\bniet\b|\bniet\b|\bbestrijdt\b|\bbetwist\b|\bniemand\b"
    r"|\bden(?:y|ies|ied)\b|\bnot\b|\bno\b|\bnever\b|\bnobody\b|\bfalse\b|\brefuted?\b"
    r"|\brejected claims\b|(?<=\w)n't\b",
    re.IGNORECASE,
)
_NOT_ONLY = re.compile(
    r"\b(?:niet alleen|not only|niet minder|no less|niet meer dan|not more than"
    r"|no fewer|no later|niet eerder|in geen geval minder)\b",
    re.IGNORECASE,
)
# What is not there, not so, not done or not enough, though no word of `_DENIED` says it.
_LACKING = re.compile(
    r"\b(?:"
    # Dutch
    r"zonder|behalve|uitgezonderd|(?:met|bij)\suitzondering\svan|buiten\sbeschouwing|op\s(?:\d+|één|een|twee|drie|vier|vijf|enkele|de|het)\s(?:\w+\s)?na|noch|evenmin|niets|niks|nergens"
    r"|nimmer|nul|geenszins|allerminst|allesbehalve|nauwelijks|amper|ternauwernood|tenzij"
    r"|in\s(?:plaats\svan|tegenstelling\stot|twijfel)|anders\sdan|te\s(?!koop|huur)\w+(?<!en|an)\s(?:voor|om)|te\sweinig"
    r"|weiger\w*|geweigerd|mis(?:t|te|ten|luk\w*|lopen)|gemist|faal\w*|gefaald|ontbr\w+|ontkr\w+"
    r"|ontw(?:ij|ee)k\w*|ontweken|ontloop\w*|ontliep\w*|ontzenuw\w*|vermeed|vermeden|vermijd\w*"
    r"|verwerp\w*|verwierp\w*|verworpen|weerleg\w*|verijdel\w*|voorkomen|voorkwam\w*|verbied\w*"
    r"|verbood|verboden|vernietig\w*|nietig|verzonnen|gelogen|leugens?|nep\w*|vals\w*|loos"
    r"|fabel(?:s|tjes?)?|mythes?|verzinsels?|onzin|stem(?:t|de|den|men)\b.*\btegen|tegenstemmers?"
    r"|ten\sonrechte|geannuleerd|geschrapt|gestrand|gestaakt|ingetrokken|teruggedraaid|opgeschort"
    r"|uitgesteld|uitgesloten|vrijgesproken|tegengehouden|van\sde\sbaan"
    r"|af(?:ge(?:blazen|last|ketst|zegd|wezen|wend|houden|voerd)|zien\svan)"
    r"|(?:wees|wezen|wijst|wijzen|hield|houdt|zag|ziet|zien|blies|zegde)\b.*\baf"
    r"|(?:sluit|sloot|sluiten|sloten|stelt|stelde)\b.*\buit|(?:spreekt|sprak|spraken)\b.*\bvrij"
    r"|(?:ging|gaat|gingen)\b.*\bvoorbij|(?:trok|trekt|trokken)\b.*\bin(?=[,.;!]|$)"
    r"|(?:liet|laat|lieten|laten)\b.*\bna(?=[,.;!]|$)"
    # English
    r"|without|except(?:ion|ions)?|excluding|other\sthan|save\sfor|(?:every|any)(?:one|body|thing)\sbut"
    r"|all\sbut|vot(?:e|es|ed|ing)\b.*\bagainst|oppos(?:e|es|ed|ing|ition)|myths?|nonsense|bogus"
    r"|excluding|apart\sfrom|barring|unless|nor|neither|none|nothing|nowhere|zero"
    r"|hardly|barely|scarcely|cannot|anything\sbut|far\sfrom|unlike|contrary\sto|false\salarm"
    r"|instead\sof|rather\sthan|too\s\w+(?:\s\w+)?\s(?:for|to|of)|(?:stopp?|fall|fell)\w*\sshort"
    r"|refus\w*|reject\w*|disput\w*|dismiss\w*|declin(?:e|es|ed)\sto|refrain\w*|abstain\w*|dodg\w*"
    r"|evad\w*|avoid\w*|abandon\w*|shelv\w*|overturn\w*|quash\w*|postpon\w*|suspended|halted"
    r"|rul(?:es?|ed|ing)\sout|turn(?:s|ed)?\s(?:\w+\s)?down|thr(?:ows?|ew|own)\s(?:\w+\s)?out"
    r"|str(?:ikes?|uck)\sdown|shrug\w*\soff|call(?:s|ed)?\soff|back(?:s|ed)?\sout|cleared\sof"
    r"|acquitted|fail(?:s|ed|ing|ure)?|lack(?:s|ed|ing)?|miss(?:es|ed|ing)|cancel\w*|scrap(?:s|ped)"
    r"|dropped|withdr[ae]w\w*|avert\w*|prevent\w*|thwart\w*|untrue|incorrect|wrong(?:ly)?"
    r"|mistaken(?:ly)?|fake|hoax|fabricated|debunked|denial|denying|forbidden|bann?ed)\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\bzal\b|\bzullen\b|\bwil\b|\bwillen\b|\bvan plan\b"
    r"|\bgaa[nt]?\b.{0,60}\b(?:open|dicht|\w+en)\b"
    r"|\bnaar verwachting\b|\bgepland\b|\boverweegt\b|\boverwegen\b|\bhoopt\b|\bmoet in\b"
    r"|\bvolgende? (?:week|maand|jaar)\b|\bkomend\w* (?:week|maand|jaar)\b|\bvoornemens\b"
    r"|\bwill\b|\bplans? to\b|\bintends? to\b|\bexpected to\b|\bhopes? to\b|\bset to\b"
    r"|\bnext (?:week|month|year)\b|\bdue to (?:open|start|begin)\b|\bconsidering\b",
    re.IGNORECASE,
)
_CUT = re.compile(r"[,;:]\s+(?:maar|but|terwijl|while|doch|en|and)?\s*", re.IGNORECASE)
_SUBORDINATE = re.compile(r"^(?:dat|die|that|who|which|is|zegt|zei|said|says)\b", re.IGNORECASE)


def state_of(sentence: str, start: int, end: int, language: str) -> State:
    """Return what a sentence says of the thing that `sentence[start:end]` names.

    A denial counts in the clause of the span and in the clause that governs it. A correction counts
    anywhere in the sentence.

    >>> state_of("De vulkaan barstte uit, maar er vielen geen doden.", 3, 10, "nl")
    <State.ASSERTED: 'asserted'>
    >>> state_of("Rusland ontkent dat het een inval voorbereidt.", 28, 33, "nl")
    <State.DENIED: 'denied'>
    """
    del language  # the words of the two languages differ enough to search for all of them at once
    sentence = sentence[:LONGEST_SENTENCE]
    if _CORRECTED.search(sentence):
        return State.CORRECTED
    first, last = _clause(sentence, start, end)
    clause = sentence[first:last]
    denial = _DENIAL_OF_CLAUSE.search(clause)
    if denial and first + denial.end() <= start:
        return State.DENIED
    successor = _SUCCEEDED.search(clause)
    if successor:
        return State.ASSERTED if start >= first + successor.end() else State.ENDED
    if _ENDED.search(clause):
        return State.ENDED
    if _DENIED.search(_NOT_ONLY.sub("", clause)):
        return State.DENIED
    return State.PLANNED if _PLANNED.search(clause) else State.ASSERTED


def denies(text: str) -> bool:
    """Tell whether a text says anywhere that something is not there, not so or not done.

    This test is wider than `state_of`, for words that are shown without the rest of their sentence.

    >>> denies("Er zijn geen slachtoffers"), denies("Hij wil niet alleen Kaag"), denies("Hij viel")
    (True, False, False)
    """
    plain = _NOT_ONLY.sub("", text.replace("’", "'"))
    return any(each.search(plain) for each in (_DENIED, _DENIAL_OF_CLAUSE, _LACKING))


def _clause(sentence: str, start: int, end: int) -> tuple[int, int]:
    """Return the main clause around a span, with its subordinate clauses."""
    first, last = 0, len(sentence)
    for cut in _CUT.finditer(sentence):
        if _SUBORDINATE.match(sentence[cut.end() :]):
            continue
        if cut.end() <= start:
            first = cut.end()
        elif cut.start() >= end:
            last = cut.start()
            break
    return first, last
