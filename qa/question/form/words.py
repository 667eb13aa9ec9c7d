"""The Dutch and English words and phrases that show the form of a question."""

from __future__ import annotations

import re

from index_store.analysis.language import FUNCTION_WORDS


def any_of(words: str) -> str:
    """Return a pattern for any of the words, the longest first.

    >>> any_of("hoe hoeveel")
    '(?:hoeveel|hoe)'
    """
    return "(?:" + "|".join(sorted(words.split(), key=len, reverse=True)) + ")"


def words_of(words: str) -> frozenset[str]:
    """Return the words as a set."""
    return frozenset(words.split())


_ASKING = (
    "hoeveel hoeveelste waarom wanneer waardoor welke hoezo hoelang waarmee "
    "which when where what why"
)
QUESTION_WORDS = tuple(_ASKING.split())

# Verbs of saying, thinking or wanting, in the forms that questions use.
_REPORTING = """
    zegt zeggen zei zeiden gezegd toegezegd vind vindt vinden vond vonden denkt denken dacht dachten
    gedacht stelt stellen stelde stelden gesteld eist eisen eiste eisten geëist geeist wil willen
    wilde wilden wou belooft beloofd beloven beloofde beloofden verwijt verwijten verweet verweten
    vraagt vragen vroeg vroegen gevraagd antwoordt antwoorden antwoordde antwoordden geantwoord
    beweert beweren beweerde beweerden beweerd verklaart verklaren verklaarde verklaarden verklaard
    meldt melden meldde meldden gemeld adviseert adviseren adviseerde adviseerden geadviseerd
    waarschuwt waarschuwen waarschuwde waarschuwden gewaarschuwd hoopt hopen hoopte hoopten gehoopt
    vreest vrezen vreesde vreesden gevreesd verwacht verwachten verwachtte verwachtten benadrukt
    benadrukken benadrukte benadrukten roept roepen riep riepen geroepen kondigt kondigen kondigde
    kondigden aangekondigd bepleit bepleiten bepleitte pleit pleiten pleitte pleitten gepleit
    concludeert concluderen concludeerde concludeerden geconcludeerd constateert constateren
    constateerde meent menen meende meenden oordeelt oordelen oordeelde oordeelden geoordeeld
    vermoedt vermoeden vermoedde suggereert suggereren suggereerde gesuggereerd claimt claimen
    claimde claimden geclaimd bevestigt bevestigen bevestigde bevestigden bevestigd ontkent
    ontkennen ontkende ontkenden ontkend erkent erkennen erkende erkenden erkend onthult onthullen
    onthulde onthulden onthuld voorspelt voorspellen voorspelde voorspelden voorspeld betoogt
    betogen betoogde betoogden betoogd reageert reageren reageerde reageerden gereageerd
    bekritiseert bekritiseerde prijst prees verlangt verlangen verlangde verlangden wenst wensen
    wenste wensten raadt raden raadde aangeraden herinnert herinnerde herinnerden klaagt klagen
    klaagde klaagden geklaagd beschuldigt beschuldigen beschuldigde beschuldigden beschuldigd
    verzekert verzekerde verzekerden verzekerd vertelt vertellen vertelde vertelden verteld bedoelt
    bedoelde betreurt betreurde voorgesteld toegegeven voorstellen
    """
REPORTING = any_of(_REPORTING)

# With these verbs, "van" begins the object of the verb and is no part of the subject.
TAKING_VAN = any_of(
    "vind vindt vinden vond vonden eist eisen eiste eisten denkt denken dacht verwacht verwachten"
    " verwachtte verlangt verlangen verlangde wil willen wilde wilden vraagt vroeg"
)
WHAT_ABOUT = any_of(
    """
    dreigt dreig dreigd dreigen dreigde dreigden waarschuwt waarschuwen waarschuwde waarschuwden
    klaagt klagen klaagde klaagden pleit pleiten pleitte pleitten herinnert herinneren herinnerde
    herinnerden hoopt hopen hoopte hoopten vreest vrezen vreesde beschuldigt beschuldigen
    beschuldigde beschuldigden verwijt verdenkt roept riep riepen spreekt spreken sprak spraken
    zegt zei praat praatte vraagt vroeg twijfelt twijfelde beklaagt beklaagde
    """
)
REACTING = (
    r"(?:reageer\w*|gereageerd|kijk\w*|keek|keken|denk\w*|dacht\w*|oordeel\w*|beoordeel\w*"
    r"|sta(?:at|an)|stond(?:en)?|noem(?:t|en|de|den)?|typeer\w*|omschrij\w*|omschreef)"
)
REPORTING_ENGLISH = (
    r"(?:call|answer|arguing|stating|pledging|proposing|urging|calling for|say|said|think"
    r"|thought|want|demand"
    r"|promise|state|stress|warn|argue|suggest|announce"
    r"|believe|expect|fear|hope|call for|accuse|respond|reply|replied|tell|told|propose|predict"
    r"|deny|denied|admit|confirm|threaten|reveal|report|declare|insist|emphasi[sz]e|advise"
    r"|recommend|complain|critici[sz]e|regret|pledge|claim|make of|feel about|have to say|ask"
    r"|conclude|vow|urge)(?:e?[sd]|ed|ted|ing)?"
)
STANCES = any_of(
    """
    reactie reacties standpunt standpunten mening meningen oordeel visie kritiek commentaar houding
    opvatting boodschap verwijt verwijten bezwaar bezwaren advies verweer waarschuwing oproep
    toezegging toezeggingen belofte beloften dreigement aanklacht
    reaction response position stance opinion view views criticism verdict message advice
    """
)
# Nouns for a value: at the start of a question without a verb, they ask for the value.
NUMBER_NOUNS = "aantal dodental getal number toll"
PLAIN_NOUNS = (
    "naam namen functie titel bijnaam uitslag straf winnaar opvolger adres locatie plaats"
    " name title nickname result score winner address location sentence"
)
AGE_NOUNS = "leeftijd age"
TIME_NOUNS = "datum tijdstip geboortedatum date"
MONEY_NOUNS = (
    "prijs kosten kostprijs opbrengst bedrag budget salaris boete schade omzet begroting loon"
    " price cost costs fine salary budget revenue amount fee"
)
MEASURE_NOUNS = (
    "hoogte lengte breedte diepte omvang oppervlakte capaciteit snelheid gewicht temperatuur"
    " afstand bereik height length width depth size area capacity speed weight temperature range"
)
SHARE_NOUNS = "percentage opkomst inflatie werkloosheid rente turnout inflation unemployment share"
DURATION_NOUNS = "duur looptijd duration"
VALUE_NOUNS = any_of(
    " ".join(
        (
            NUMBER_NOUNS,
            PLAIN_NOUNS,
            AGE_NOUNS,
            TIME_NOUNS,
            MONEY_NOUNS,
            MEASURE_NOUNS,
            SHARE_NOUNS,
            DURATION_NOUNS,
        )
    )
)
# With a thing, these words ask for one property of the thing, not for its description.
SIDES = (
    VALUE_NOUNS[:-1] + "|hoofdstad|probleem|gevolg|resultaat|doel|plan|stand|schuld|kans|risico"
    "|waarheid|grootste|oudste|nieuwste|laatste|eerste|bedoeling|thema|motto|onderwerp|aanpak"
    "|oplossing|kleur|adres|verdict|capital|problem|goal|plan|result|aim|risk|largest|biggest)"
)
ROLES = (
    r"(?:\w*(?:minister|president|burgemeester|wethouder|premier|voorzitter|directeur|woordvoerder"
    r"|woordvoerster|commandant|generaal|leider|chef|baas|trainer|coach|advocaat|rechter"
    r"|ambassadeur|keeper|kapitein|hoofdredacteur|eigenaar|dader|winnaar|opvolger|voorganger"
    r"|lijsttrekker|kanselier|koning|koningin|officier|architect|schrijver|kunstenaar|verdachte"
    r"|slachtoffer|bestuurder|oprichter|kandidaat|onderzoeker|rapporteur|founder|suspect"
    r"|mayor|spokesman|spokeswoman|spokesperson|secretary|leader|chairman|chair|executive|ceo"
    r"|director|owner|captain|lawyer|king|queen|chancellor|winner|successor|author|commander)"
    r"|vrouw|man|vader|moeder|zoon|dochter|broer|zus|husband|wife|son|daughter|brother|sister)s?"
)
ARTICLES = (
    r"(?:(?:nieuws|kranten)?artikel(?:en|s|tje)?|stuk(?:ken|je)?|(?:nieuws|kranten)?bericht(?:en)?"
    r"|verha(?:al|len)|document(?:en|s)?|publicaties?|columns?|interviews?|reportages?"
    r"|articles?|stor(?:y|ies)|pieces?|reports?|items?|publications?)"
)
SOURCES = (
    r"(?:krant(?:en)?|bron(?:nen)?|media|medium|pers|bladen|blad|dagbladen|dagblad"
    r"|tijdschrift(?:en)?|omroepen"
    r"|newspapers?|papers?|sources?|outlets?|magazines?)"
)
ARCHIVE = (
    r"(?:(?:kranten|nieuws)?archief|verzameling|collectie|databank|database|dataset|bestand"
    r"|archive|collection|corpus)"
)
COMPARATIVE = (
    r"(?:meer|minder|vaker|beter|slechter|erger|liever|(?!onder|over|achter|ander|eerder|verder"
    r"|later|burger|minister|leider|moeder|vader)\w{2,}(?:[^aeiou\W]er|ier|uwer|oger)"
    r"|more|fewer|less|better|worse|\w{2,}er)"
)
SUPERLATIVE = (
    r"(?:(?:mees|mins|hoogs|laags|druks|groots|kleins|warms|kouds|duurs|goedkoops|snels|zwaars"
    r"|slechts"
    r"|sterks|langs|korts|ouds|jongs|rustigs|nats|droogs|heets|dodelijks|ernstigs|populairs)te?"
    r"|most|fewest|least|(?:high|low|busi|larg|bigg|small|warm|cold|hott|deadli|wett|dri|cheap"
    r"|short"
    r"|long|strong|weak)est|best|worst)"
)

_YOU = r"(?:je|jij|u|iemand|jullie|we|you|anyone|anybody|someone)"
_SOFT = r"(?:\s(?:misschien|toevallig|ook|even|eens|alsjeblieft|aub|graag|eigenlijk|please|maybe))*"
_TELL = (
    r"(?:vertellen|zeggen|uitleggen|laten weten|nagaan|opzoeken|uitzoeken|aangeven|toelichten"
    r"|kijken|checken|achterhalen|tell|say|explain|find out|check|look up)"
)
_CLAUSE = (
    r"(?=(?:(?:in|op|uit|met|voor|aan|van|naar|bij|door|to|from|for|by|at|on)\s)?"
    r"(?:of|wie|wat|waar\w*|wanneer|hoe\w*|welke?|if|whether|who\w*|what|where|when|which|how|why"
    r")\b)"
)
OPENINGS_BEFORE_CLAUSE = re.compile(
    rf"(?:(?:kun|kunt|kan|zou|zal|wil|kunnen|can|could|would|will)\s{_YOU}(?:\s(?:me|mij|ons|us))?"
    rf"{_SOFT}(?:\s(?:willen|kunnen))?{_SOFT}\s{_TELL}(?:\s(?:me|us))?"
    rf"|(?:weet|weten|do|does)\s{_YOU}(?:\sknow)?{_SOFT}"
    r"|(?:ik|we)\s(?:wil|willen|zou|zouden)\s(?:graag\s)?(?:willen\s)?weten"
    rf"|(?:heeft|heb|hebben)\s{_YOU}(?:\smisschien)?\s(?:enig|een)\sidee"
    r"|(?:do you have )?any idea|(?:can|could|may|might)\si\s(?:please\s)?ask"
    r"|(?:ik heb een|mijn) vraag(?: is)?:?"
    r"|ik\s(?:vraag me af|vroeg me af|ben benieuwd|zoek uit|zoek)|mag ik(?: even)? (?:weten|vragen)"
    r"|(?:i|we)\s(?:want|would like|'d like|need|wish)\sto know|i(?:'d like to| wonder)(?: know)?"
    rf"|(?:vertel|zeg|leg|zoek|tell|explain)\s?(?:me|mij|ons|us)?(?:\s(?:eens|uit|op))?{_SOFT}"
    rf"),?\s+{_CLAUSE}"
)
OPENINGS = re.compile(
    r"(?:(?:en|maar|dus|oké|ok|oke|hoi|hallo|hey|hé|he|beste dateline|goedemorgen|goedemiddag"
    r"|goedenavond|goedendag|so|and|but"
    r"|hi|hello|well|vraagje|vraag)\b[,:!.]*\s+(?=\w+\s\w)"
    r"|ik (?:zoek|wil|wil graag|zou graag|ben op zoek naar)(?: hebben)?\s+(?=(?:de|het|een|alle"
    r"|informatie)\s)"
    r"|(?:kun|kunt|kan|zou|wil)\s(?:je|jij|u)(?:\s(?:me|mij|ons))?(?:\s(?:kunnen))?"
    rf"{_SOFT}\s+(?=(?:opsommen|het|de|een|alle)\s|iets\s)"
    r"|(?:can|could)\syou\s(?:please\s)?(?=(?:give|list|name|sum|summari[sz]e|show|compare)\s)"
    r"|(?:please|graag|aub|alsjeblieft)[,\s]+(?=\w))"
)

SOFT_WORDS = words_of(
    "toch eigenlijk nou zoal precies exactly actually alweer eens even intussen inmiddels ooit ever"
    " destijds earth sindsdien"
)
"""Words that do not change the question; near its start they are left out."""
SUBJECT_FIRST = re.compile(
    r"(?:de|het|een|die|dat|deze|dit|the|that|this|a|zeg|zeg eens|luister|say"
    r"|listen)\b[^,?]{0,60}, "
    r"(?=(?:wie|wat|waar\w*|wanneer|hoe\w*|welke?|is|was|zijn|waren|heeft|werd|wordt|kan|who|what"
    r"|where|when|which|how|why|did|does|has|were|are)\b)"
)

_VERBS = """
    is zijn was waren wordt worden werd werden heeft hebben had hadden kan kun kunnen kon konden wil
    willen wilde wilden moet moeten moest moesten mag mogen mocht mochten zal zullen zou zouden gaat
    gaan ging gingen komt komen kwam kwamen doet doen deed deden klopt gelooft vindt denkt zegt
    staat staan stond stonden blijft blijven bleef bleven krijgt krijgen kreeg kregen geeft geven
    gaf gaven trok trokken viel vielen stierf stierven steeg stegen sprak spraken nam namen trad
    traden vertrok vertrokken won wonnen verloor verloren begon begonnen brak braken sloot sloten
    vocht vochten schoot schoten vond vonden liep liepen liet lieten hield hielden schreef schreven
    las lazen zag zagen bracht brachten kocht kochten verkocht dacht dachten sloeg sloegen droeg
    droegen reed vloog vlogen zat zaten lag lagen hing hingen bood koos bezocht bezochten verdween
    verdwenen overleed overleden klom klommen zonk zonken ontsloeg ontving riep riepen zei zeiden
    vroeg vroegen sliep sliepen bleek bleken neemt nemen treedt treden wint verliest volgt volgen
    bestaat bestaan levert steunt stopt sluit werkt woont trekt heerst speelt betaalt kent kennen
    weet weten stapt vertrekt vertrekken valt ligt liggen lukt lukte hoeft hoeven hoefde geldt
    golden hoort hoorde
    am are were does do did has have can could will would should must may might shall
    isn't aren't wasn't weren't don't doesn't didn't hasn't haven't won't can't couldn't
    """
VERBS_FIRST = any_of(_VERBS)

AFTER_A_VERB = any_of(
    "de het een deze dit er ze zij hij hem haar zijn hun ik je jij u we wij men iemand"
    " niemand alle veel ook dan nog daar hier"
)

KNOWN = (
    FUNCTION_WORDS["nl"]
    | FUNCTION_WORDS["en"]
    | frozenset(QUESTION_WORDS)
    | words_of(
        "waarin waarmee waarop waarvan waarheen waarbij waaraan waarover waarvoor waartoe wiens"
        " weken water watt hotel whose welk wilde weer weet welkom wanneer whatever waters"
    )
    | words_of(_VERBS)
    | words_of(_REPORTING)
)
