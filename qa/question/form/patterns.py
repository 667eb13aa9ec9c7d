"""The forms of each kind of question, with the parts that they contain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from qa.question.form.archive import ARCHIVE_FORMS, ArchiveMeasure
from qa.question.form.words import (
    COMPARATIVE,
    REACTING,
    REPORTING,
    REPORTING_ENGLISH,
    STANCES,
    SUPERLATIVE,
    VALUE_NOUNS,
    VERBS_FIRST,
    WHAT_ABOUT,
)


class AnswerKind(StrEnum):
    """The kind of answer that a question asks for."""

    FACT = "fact"
    LIST = "list"
    YES_NO = "yes_no"
    REASON = "reason"  # why, from which cause, in which way
    REPORT = "report"  # the words of a speaker, an event, a bare topic
    OVERVIEW = "overview"  # the same, over the whole time
    WHO = "who"  # who or what a name stands for
    ARCHIVE = "archive"  # about the articles themselves
    COMPARE = "compare"
    TALK = "talk"  # no question to the archive


@dataclass(frozen=True, slots=True)
class Form:
    """A form of question: its kind, and a pattern, as `written`, whose groups name its parts.

    The groups `speaker`, `topic`, `one` and `other` are the parts with these names. `verb` is the
    verb; `rest` follows the verb and still holds the subject and the topic together.
    """

    kind: AnswerKind
    written: str
    measure: ArchiveMeasure | None = None

    @property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, made when the first question comes: it takes a tenth of our start."""
        return _compiled(self.written)


@cache
def _compiled(written: str) -> re.Pattern[str]:
    return re.compile(written)


_IS = r"(?:is|was|zijn|waren|are|were|blijft|werd|wordt)"
_HAVE = r"(?:heeft|hebben|had|hadden|zou|zouden|zal|zullen|wil|wilde|kan|moet|laat|liet|lieten|gaf)"
_DO = r"(?:did|does|do|has|have|had|will|would|is|are|was|were)"
_SAID = r"(?:\s(?:heeft|hebben|had|hadden|is|zijn|werd|wordt|was))?"
_ON = r"(?:over|on|about|regarding|omtrent|rond)"
_ME = r"(?:(?:me|mij|ons|us)\s)?"
_TOPIC = r"(?P<topic>.+)"
_PARTS = r"(?:percentage|share|proportion|fraction|part|number|amount|kinds?|sorts?|types?)"
# The Raad van State and a secretary of state say something: their "state" is no verb.
_SAYS = rf"{REPORTING_ENGLISH}\b(?! {REPORTING_ENGLISH}\b)"

_REPORT = (
    rf"wat (?P<verb>{REPORTING})(?! er\b| men met\b)(?: (?P<rest>.+))?",
    rf"wat {_HAVE} (?!er\b)(?P<rest>.+?) (?:te |willen |laten )?(?:{REPORTING}|weten)",
    rf"wat {_HAVE} (?!er\b)(?P<rest>.+?) (?:aan te merken|te melden|in te brengen|te klagen"
    rf"|te verwijten|te eisen)(?: {_ON} .+)?",
    r"wat (?:gaat|gaan|ging|gingen|zou|zouden|zal"
    r"|zullen) (?!er\b)(?P<rest>.+?) (?:nu )?doen(?: .+)?",
    r"wat (?:liet|lieten|laat) (?P<rest>.+?) weten(?: .+)?",
    r"wat (?:schrijft|schrijven|schreef|schreven) (?P<rest>.+ over .+)",
    r"what (?:did|will|does|do|would) (?P<speaker>(?!we\b|you\b|i\b).+?)"
    r"(?: (?:intend|plan|want|hope|expect|mean|need|have) to)? do(?: .+)?",
    r"wat (?:deed|deden) (?!er\b)(?P<topic>.+)",
    r"wat gaf (?P<rest>.+?) toe",
    r"waarover (?!gaa?n?t\b|ging)\w+ (?P<rest>.+)",
    r"waar (?:maakt|maken|maakte|maakten) (?P<rest>.+?) zich (?:zorgen|druk|boos) (?:over|om)",
    rf"hoe luid(?:t|de|den) (?:de|het) {STANCES} van (?P<speaker>.+?)"
    rf"(?: (?:op|over|tegen) {_TOPIC})?",
    rf"(?:wat ging|what went)(?: er)?(?: precies)? (?:mis|fout|wrong)"
    rf"(?: (?:met|bij|in|tijdens|during|with|in|at) {_TOPIC})?",
    rf"how {_DO} (?P<speaker>.+?) (?:view|see|regard|judge|assess|rate|describe|characteri[sz]e)s? "
    rf"{_TOPIC}",
    r"what (?:is|are|was|were|has|have|had) (?P<speaker>.+?)(?: been)? (?:worried|concerned"
    r"|angry|happy|unhappy|upset|complaining|talking|thinking) about(?: .+)?",
    rf"wat (?!er\b)(?P<rest>(?!{VERBS_FIRST}\b)\S.*?){_SAID} {REPORTING}"
    rf"(?: {_ON} {_TOPIC})?{_SAID}",
    rf"waar(?:voor|mee|over|aan|om|op|tegen|toe|van)\s(?P<verb>{WHAT_ABOUT}) (?P<rest>.+)",
    rf"waar (?P<verb>{WHAT_ABOUT}) (?P<rest>.+?) (?:voor|mee|over|aan|om|op|tegen|toe|van)",
    rf"hoe (?!wordt|werd)(?P<verb>{REACTING}) (?!(?:men|het|de zaken) |.* zich$)(?P<rest>.+)",
    rf"hoe {_HAVE} (?P<rest>.+?) (?:gereageerd|gedacht|geoordeeld)",
    rf"hoe {_IS} er (?:.+? )?gereageerd op {_TOPIC}",
    r"wat (?P<verb>raadt|raadde|raden) (?P<rest>.+) aan",
    r"wat (?:houdt|hield|houden) (?P<topic>.+?) bezig",
    rf"(?:what became of|wat is er geworden van|wat werd er van) {_TOPIC}",
    rf"hoe {_IS} er (?:gereageerd )?op (?P<topic>.+?)(?: gereageerd)?",
    rf"(?:wat|what) (?:is|was|zijn|waren|are|were) (?:de|het|the) {STANCES} (?:van|of|from|uit)"
    rf" (?P<speaker>.+?)(?: (?:over|op|tegen|rond|on|about|to|towards) {_TOPIC})?",
    rf"what (?:is|was|are|were) (?P<speaker>.+?)'s? {STANCES}(?: (?:on|about|to|of) {_TOPIC})?",
    rf"(?:welke?|wat voor|which|what) {STANCES} (?:heeft|had|hebben|hadden|uit|uitte|uitten|gaf"
    rf"|gaven|geeft|deed"
    r"|deden|doet|stelt|stelde|stelden|sprak|maakte|maakten|did|does|has)"
    r" (?P<rest>.+)",
    rf"(?:de )?{STANCES} (?:van |of )?(?P<speaker>(?:de |het |the )?\S+(?: \S+)?)"
    rf" (?:op|over|tegen|to|on|about) {_TOPIC}",
    rf"{STANCES} (?:van |of )?(?P<speaker>(?:de |het |the )?\S+)(?: {_TOPIC})?",
    rf"what {_DO} (?P<speaker>(?!we\b|you\b).+?) {_SAYS}\b(?! to (?:have"
    rf"|be)\b)(?: (?P<about>.+))?",
    rf"what (?P<speaker>(?!{_DO}\b|{_IS}\b|we\b|{_PARTS} of\b)\S.*?) {_SAYS}\b(?! to (?:have"
    rf"|be)\b)(?: (?P<about>.+))?",
    rf"how {_DO} (?P<speaker>.+?) (?:reac?k?t\w*|respon\w+|reply|replied"
    rf"|feel\w*)\b(?: (?P<about>.+))?",
    rf"wat (?:gebeurde|gebeurt|gebeurd|speelde|speelt)(?: er)?(?: {_TOPIC})?",
    rf"wat (?:is|was|zijn) er(?: {_TOPIC})? (?:gebeurd|gezegd|misgegaan|mis|bekend|gaande)",
    rf"wat er (?:gebeurde|is gebeurd|gebeurd is|speelt)(?: {_TOPIC})?",
    r"wat er (?P<topic>.+?) (?:gebeurde|gebeurd is|is gebeurd|gebeurt|speelde|bekend is)",
    rf"wat (?:is|was|zijn)(?: er)?(?: al| nog)? (?:bekend|gebeurd|gezegd|gaande|besloten"
    rf"|aan de hand|mis|misgegaan|te doen)(?: {_TOPIC})?",
    rf"wat (?:wordt|werd|worden) er (?:gezegd|geschreven|beweerd|bericht|verteld){_TOPIC}?",
    rf"wat (?:weten we|weet je|weten jullie|weet jij|staat er|schrijven ze)(?: al)? "
    rf"(?:over|van) {_TOPIC}",
    r"wat (?:deed|deden|doet|doen) (?P<topic>\S.+? (?:tegen|aan|met|na|om|voor) .+)",
    rf"(?:wat|hoe) {_IS} (?:de|het) (?:situatie|toestand|stand van zaken|nieuws|laatste nieuws)"
    rf" (?:in|met|van|bij|rond|over|op) {_TOPIC}",
    rf"hoe (?:gaat|ging|staat|zit|zat|loopt|is) het(?: er)?(?: nu)? (?:met|in|op|voor) {_TOPIC}",
    rf"(?:vertel|geef|zoek|show|tell|give) {_ME}(?:eens |wat |a bit )?(?:(?:iets|alles|meer|wat"
    rf"|informatie|info|everything|more|something|information) )*{_ON} {_TOPIC}",
    rf"(?:het |de |alle |any |latest |laatste )*(?:iets|alles|meer|informatie|info|nieuws"
    rf"|achtergrond|achtergronden|anything|everything|news|information|something|more)"
    rf" (?:over|van|rond|on|about) {_TOPIC}",
    rf"(?:heb je|is er|heeft u|heb jij|staat er|weet je|do you have|have you got|is there)"
    rf"(?: nog| ook)? (?:iets|informatie|info|nieuws|wat|anything|something|news|information)"
    rf"(?: bekend)? {_ON} {_TOPIC}",
    rf"what(?:'s| is| has| was)? (?:happened|happening|going on|known|been said|said|reported|new)"
    rf"(?: (?:in|to|with|about|at|on|of) {_TOPIC}|(?: .*)?)",
    rf"what happen(?:s|ed) (?:in|to|with|at|on|after) {_TOPIC}",
    rf"what do (?:we|you) know (?:about|of) {_TOPIC}",
    rf"what is the (?:situation|latest|news) (?:in|on|with|at|about) {_TOPIC}",
)

_OVERVIEW = (
    rf"vat(?: {_TOPIC})? samen",
    r"vat (?:eens |even )?samen (?:wat er )?(?P<topic>.+?)(?: gebeurde| is gebeurd| gebeurd is)?",
    r"(?P<topic>.+?) samenvatten",
    rf"(?:(?:geef|maak|schrijf|schets|wil|graag|give|write|make|provide) {_ME})?"
    rf"(?:(?:een|de|het|a|an|the) )?(?:(?:kort\w*|beknopt\w*|snel|brief|short|quick"
    rf"|chronologisch\w*|volledig\w*|compleet"
    rf"|complete) )?(?:samenvatting|overzicht|tijdlijn|chronologie|tijdbalk|timeline|overview"
    rf"|summary|chronology|recap|resumé|rundown|breakdown)(?: (?:geven|maken))?"
    rf"(?: (?:van|over|rond|of|on|about|for))?(?: {_TOPIC})?",
    rf"wat (?:is|zijn|was) er (?:.{{0,30}} )?(?:veranderd|gewijzigd)(?: {_TOPIC})?",
    rf"wat (?:veranderde|verandert) (?:er )?{_TOPIC}",
    rf"hoe (?:heeft|hebben|had) {_TOPIC} zich(?: \S+)* (?:ontwikkeld|voltrokken|verspreid)",
    r"hoe (?:ontwikkel(?:t|de|den)) (?P<topic>.+?) zich(?: .+)?",
    rf"hoe {_TOPIC} zich (?:heeft ontwikkeld|ontwikkeld heeft|ontwikkelde)",
    rf"hoe (?:verliep|verliepen|verloopt) {_TOPIC}",
    rf"hoe (?:is|zijn) {_TOPIC} (?:verlopen|veranderd|geëvolueerd|gegroeid)(?: .*)?",
    rf"hoe {_TOPIC} (?:de afgelopen|in de afgelopen) .* (?:geëvolueerd|veranderd)",
    rf"(?:wat (?:is|was) )?het verloop van {_TOPIC}",
    rf"(?:wat|what) (?:zijn|waren|is|was|are|were) (?:de|het|the) (?:belangrijkste|voornaamste"
    rf"|laatste|main|most important|key|latest) (?:ontwikkeling|gebeurtenis|feit|hoofdlijn"
    rf"|moment|development|event)\w*(?: (?:rond|in|van|over|rondom|bij|of|around|on) {_TOPIC})?",
    rf"(?:schets|beschrijf|describe|geef) (?:het verloop|het verhaal|de geschiedenis|the course"
    rf"|the history)"
    rf" (?:van|of) {_TOPIC}",
    rf"(?:wat is|what is|what's) (?:het hele verhaal|het verhaal|the story"
    rf"|the whole story)(?: so far| tot nu"
    rf" toe)? (?:van|rond|achter|with|of|about|behind) {_TOPIC}",
    rf"hoe (?:is|ging) het (?:verder|daarna) ?(?:gegaan )?(?:verder )?met {_TOPIC}",
    rf"hoe is het (?:verder gegaan|verdergegaan|afgelopen|vergaan) met {_TOPIC}",
    rf".*\bop een rij(?:tje)?(?: zetten| zet)?\b(?:[:,]? {_TOPIC})?",
    r"(?:hoe|how) .*\b(?:over time|over the years|door de jaren heen|in de loop (?:van|der) .+"
    r"|stap voor stap|step by step)",
    rf"(?:de )?ontwikkeling(?:en)? (?:van|in|rond) {_TOPIC}",
    rf"zet {_TOPIC} op een rij(?:tje)?",
    rf"(?:praat|breng) (?:me|mij|ons) (?:eens )?(?:bij|op de hoogte) (?:over|van) {_TOPIC}",
    rf"(?:maak me wegwijs in|leid me door|neem me mee door|in het kort"
    rf"|kort samengevat)[:,]? {_TOPIC}",
    r"(?:summari[sz]e|sum up|recap|outline)(?: for me)?(?: what happened)?"
    r"(?: (?P<topic>.+?)(?: for me)?)?",
    rf"(?:bring me up to date on|catch me up on|walk me through|brief me on) {_TOPIC}",
    rf"how (?:did|has|have|does|is) {_TOPIC} (?:develop\w*|evolv\w*|unfold\w*|progress\w*|go"
    rf"|chang(?:e|ed)|play out|played out|proceed\w*)(?: (?:since|over|in|after|between|during)"
    rf" .+)?",
    rf"what (?:has |have )?(?:changed|evolved)(?: (?:in|about|with|at) {_TOPIC}| .+)?",
)

_TIMES = r"(?:wanneer|when|(?:in |op )?(?:welke?|which|what) (?:jaar|maand|dag|year|month|day))"
_THAN = rf"(?:{COMPARATIVE})\b.*\s(?:dan|than)"
# "Meer dan duizend mensen" is a number, and "minder dan gehoopt" tells of one number only;
# "meer dan in 2019" is a comparison.
_BOUND = (
    r"(?:(?:\d[\d.,]*(?! ?$)(?<!\d{4})|\d{1,3}(?:[.,]\d{3})*)|duizend|honderd|tien|twintig|de helft"
    r"|één|een (?:miljoen|miljard|week|maand|jaar|uur|dag|kwart|derde)(?! geleden)|a (?:hundred"
    r"|thousand|million|week|year|month)|twee|drie|vier|vijf|half|eens|ooit|ever|two|three"
    r"|one hundred"
    r"|(?:(?:eerder|aanvankelijk|vooraf|oorspronkelijk|was|were|at first|earlier|first"
    r"|initially|originally|previously) )*(?:aangenomen|afgesproken|begroot|beloofd|gebruikelijk"
    r"|gedacht|gehoopt|gemeld|gepland|geraamd|geschat|gevreesd|normaal|toegestaan|verwacht"
    r"|voorspeld|voorzien"
    r"|agreed|allowed|assumed|budgeted|estimated|expected|feared|forecast|foreseen|hoped|normal"
    r"|planned|predicted|promised|reported|thought|usual))\b"
    r"(?! (?:jaar|maanden|weken|dagen|years|months|weeks|days)"
    r" (?:geleden|terug|eerder|ago|earlier)\b)"
)
# Words in "-er" are often nouns. Without "dan" after them, only these words are comparatives.
_CLEARLY_MORE = (
    r"(?:meer|minder|vaker|groter|kleiner|armer|rijker|breder|dieper|smaller|verder|zuiniger"
    r"|hoger|lager|duurder|goedkoper|sneller|langer|korter|ouder"
    r"|jonger|sterker|drukker|rustiger|beter|slechter|warmer|kouder|zwaarder|more|fewer|less|bigger"
    r"|smaller|higher|lower|older|younger|faster|cheaper|longer|stronger|better|worse|taller)"
)
_COMPARE = (
    r"(?:compare|vergelijk) (?P<one>.+?) (?:met|en|with|and|to) (?P<other>.+)",
    r".*\b(?:verschil(?:len)?|differences?) (?:tussen|between) (?P<one>.+?) (?:en|and)"
    r" (?P<other>.+)",
    r".*\b(?:verschil(?:len)?|differences?) (?:tussen|between) (?P<topic>.+)",
    r"hoe verhoud(?:t|en|de) (?P<one>.+?) zich tot (?P<other>.+)",
    rf"(?P<start>.*?)\b{_THAN} (?!{_BOUND})(?P<other>.+)",
    rf".*\b(?:hoeveel|how much|how many) (?!meer dan|more than)"
    rf"{_CLEARLY_MORE}\b(?: .*)?",
    r"how (?:does|do|did) (?P<one>.+?) compare (?:with|to) (?P<other>.+)",
    r".*\bvergeleken met (?P<other>.+)",
    r".*\b(?:ten opzichte van|vergeleken met|in vergelijking met|compared (?:to|with)"
    r"|tegenover (?=(?:19|20)\d\d))\s?(?P<other>.+)",
    rf"{VERBS_FIRST} .*\b(?:gestegen|gedaald|toegenomen|afgenomen|gegroeid|gekrompen|risen|fallen"
    r"|grown|increased|decreased|dropped) (?:sinds|tussen|since|between) (?P<other>.+)",
    rf"{VERBS_FIRST} .*\b(?:sinds|since) (?P<other>.+?) (?:gestegen|gedaald|toegenomen|afgenomen"
    r"|gegroeid)",
    rf"{_TIMES} .*\b(?:het |de |the |at its |at their ){SUPERLATIVE}\b.*",
    rf"(?:which|what) (?:year|month|day) .*\b{SUPERLATIVE}\b.*",
    rf".*\b{_CLEARLY_MORE}\b.*?,? (?P<one>\S+(?: \S+)?) (?:of|or) (?P<other>\S+(?: \S+)?)",
    rf"(?:was|is|waren|zijn|were|are) (?P<one>\S+) (?:of|or) (?P<other>\S+) {_CLEARLY_MORE}\b.*",
    r"(?P<one>.+)(?<!\bde) (?:versus|vs\.?) (?P<other>.+)",  # "de VS" is a country
)


def _forms(kind: AnswerKind, patterns: tuple[str, ...]) -> list[Form]:
    return [Form(kind, pattern) for pattern in patterns]


FORMS = (
    *(Form(AnswerKind.ARCHIVE, pattern, measure) for measure, pattern in ARCHIVE_FORMS),
    *_forms(AnswerKind.OVERVIEW, _OVERVIEW),
    *_forms(AnswerKind.COMPARE, _COMPARE),
    *_forms(AnswerKind.REPORT, _REPORT),
)
"""All forms with parts, in the order of trial; each must match the whole question."""

TALK = re.compile(
    r"(?:(?:hallo|hoi|hai|hey|hé|hee|hi|hello|goede(?:morgen|middag|navond|nacht|ndag)|dag"
    r"|goeien?(?:dag|morgen|middag|avond)|good (?:morning|afternoon|evening|day)|greetings|moin"
    r"|yo|cool|oh|leuk|dank(?: (?:je|u|jullie))?(?: ?wel)?|dankjewel|dankuwel|bedankt"
    r"|thanks?(?: you)?|merci"
    r"|thx|cheers|tot ziens|doei|dag|bye|goodbye|see you|help|hulp|ok|oke|oké|okay|prima|mooi|top"
    r"|super|fijn|great|nice|ja|nee|yes|no|hoe gaat het(?: met (?:je|jou|u))?|alles goed|how are"
    r" you|en met jou|test|sorry|lol|haha)(?:[\s,.!?]+(?:daar|there|dateline|allemaal|a lot|so much"
    r"|very much|hoor|me|please|alsjeblieft|voor (?:je|uw|de) \w+|for (?:your|the) \w+|again|all"
    r"|everyone|he|hé|hè|man|joh|zeg))*[\s,.!?]*)+"
    r"|wat (?:kun|kan|doe|weet|ben) (?:je|jij|u)(?: (?:allemaal|zoal|precies|eigenlijk|doen|hier"
    r"|voor mij|voor me|voor me doen))*|wie (?:ben|bent) (?:je|jij|u)(?: eigenlijk)?"
    r"|wie (?:heeft|hebben) (?:je|jou|dit|u) (?:gemaakt|gebouwd|bedacht)"
    r"|(?:wat|wie|waar|hoe|what|who|where|how) (?:ben|bent|woon|heet|voel|old are|are) (?:je|jij"
    r"|u|you)"
    r"(?: (?!over|about)\w+){0,3}|(?:ben|bent|are) (?:je|jij|u|you) (?!het|er over|er zeker|zeker)"
    r"\w+(?: \w+)?|(?:waarmee|waarbij|hoe) (?:kun|kan) (?:je|jij|u) (?:me|mij|ons )?\s?(?:helpen"
    r"|van dienst zijn)"
    r"|what can you tell me|what are you able to do|what do you do|(?:ben|bent) (?:je|jij"
    r"|u) (?:een )?(?:robot|mens"
    r"|computer|ai|chatgpt|echt|bot|machine)"
    r"|hoe werkt? (?:dit|het|je|jij|deze site|dateline)(?: hier| eigenlijk)?"
    r"|hoe (?:moet|kan|stel) ik (?:hier )?(?:een |je )?(?:vraag|vragen|iets)?\s?(?:stellen|vragen"
    r"|zoeken)?|wat (?:kan|mag|moet) ik (?:je|jou|u|hier)?\s?(?:allemaal )?(?:vragen|doen)?"
    r"|(?:kun|kan|wil) (?:je|jij|u) (?:me|mij) helpen|wat voor vragen kan ik stellen"
    r"|what (?:can|do) you (?:do|know)(?: for me)?|who (?:are|made|built) you"
    r"|how (?:does|do) (?:this|it|you|i use this)(?: work)?|what (?:can|should|may) i ask(?: you)?"
    r"|are you (?:an? )?(?:ai|robot|bot|human|real|computer|chatgpt)|(?:can|could) you help me"
    r"|how can you help(?: me)?|what is your name|hoe heet (?:je|jij|u)|what are you"
)
REASON = re.compile(
    r"(?:waarom|hoezo|waardoor|why|how come|door wat|wat veroorzaakte|what (?:caused|led to|drove)"
    r"|(?:om|for) (?:welke|what|which) redens?|vanwaar\b|for what reason|om wat voor reden"
    r"|hoe komt het|hoe kwam het|(?:(?:wat|what) (?:is|was|waren|zijn|were) (?:de|het|the) )?"
    r"(?:reden(?:en)?|oorzaak|oorzaken|aanleiding|motief|motieven|reasons?|cause|motives?)\b"
    r"|waar (?:komt|kwam|kwamen|komen) .+ (?:door|vandaan door)$"
    r"|op (?:welke|wat voor) (?:manier|wijze)|in (?:what|which) way|met welke? (?:doel|bedoeling"
    r"|oogmerk)"
    r"|wat (?:dreef|drijft|bezielde|bezielt|bewoog)"
    r"|waaraan (?:is|zijn|stierf|stierven|overleed|overleden|bezweek|lag|ligt)"
    r"|(?:wat|what) (?:zat|zit|was|is|lies|lay) (?:er )?(?:achter|behind)|what (?:made|prompted"
    r"|triggered)|wat maakte dat"
    r"|.*\b(?:waarom|why|hoezo)\b)"
)
VALUE_FIRST = re.compile(
    rf"(?:(?:de|het|the|annual|totale?|jaarlijkse?|nieuwe?|gemiddelde?|average) )*"
    rf"{VALUE_NOUNS}\b"
)
