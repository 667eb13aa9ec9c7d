"""The words that show, in Dutch or English, that a question depends on earlier turns."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from index_store.analysis.language import FUNCTION_WORDS


@dataclass(frozen=True, slots=True)
class FollowUpVocabulary:
    """Lower-case words of one language, grouped by their function in a question.

    `light` adverbs, `verbs` and `generic` nouns ("gesprek", "general") say nothing about the
    subject by themselves. A clause with "dat" or "that" follows `reporting` words. `imperatives`
    with `requested` things after them ("Geef een overzicht"), and `courtesies` ("Kun je …"),
    request something without a question. `talk` is a greeting or thanks, and `small_talk` the words
    around it. `succession` words lead from one holder of an office to the next. `turning` words are
    function words that change what is asked, such as "niet" and "only".
    """

    openers: frozenset[str]
    topic_openers: tuple[str, ...]
    askers: frozenset[str]
    person_askers: frozenset[str]
    when: frozenset[str]
    persons: frozenset[str]
    plurals: frozenset[str]
    possessives: frozenset[str]
    things: frozenset[str]
    pointers: frozenset[str]
    pointing_adverbs: frozenset[str]
    definite: frozenset[str]
    clause_openers: frozenset[str]
    reporting: frozenset[str]
    prepositions: frozenset[str]
    places: frozenset[str]
    verbs: frozenset[str]
    light: frozenset[str]
    generic: frozenset[str]
    roles: frozenset[str]
    succession: frozenset[str]
    imperatives: frozenset[str]
    requested: frozenset[str]
    courtesies: frozenset[str]
    addressees: frozenset[str]
    talk: frozenset[str]
    small_talk: frozenset[str]
    now: frozenset[str]
    turning: frozenset[str]
    function: frozenset[str]
    joins_words: bool

    def names_something(self, word: str) -> bool:
        """Tell whether a lower-case word is a noun or similar, even a generic noun."""
        silent = (self.function, self.light, self.verbs, self.prepositions)
        return len(word) > 1 and not any(word in words for words in silent)

    def tells(self, word: str) -> bool:
        """Tell whether a lower-case word says something about a subject."""
        return self.names_something(word) and word not in self.generic


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DUTCH_ROLES = _words("""
    ambassadeur bevelhebber bondskanselier chef deskundige diplomaat directeur expert functionaris
    generaal leider leiders man minister ministers premier president presidenten topmilitair
    vicepresident vrouw woordvoerder
""")
_ENGLISH_ROLES = _words("""
    ambassador chancellor chief commander diplomat director expert general leader leaders man
    minister ministers official president presidents premier spokesman spokeswoman woman
""")
# People mix the two languages: many Dutch sentences end with "thanks".
_TALK = _words("""
    bedankt dag dank dankje dankjewel dankuwel doei goedemiddag goedemorgen goedenavond goedendag
    goeiemorgen hallo hé hee hoi merci oke oké
    bye cheers goodbye great hello help hey hi ok okay sorry thank thanks
""")

_DUTCH = FollowUpVocabulary(
    openers=_words("en maar dus dan of ook"),
    topic_openers=("hoe zit het met", "hoe zit dat met", "en wat betreft", "wat betreft"),
    askers=_words("wie wat waar wanneer waarom hoe hoeveel welk welke hoezo hoelang waardoor"),
    person_askers=_words("wie wiens"),
    when=_words("wanneer hoelaat datum jaar maand dag"),
    persons=_words("hij hem hemzelf"),
    plurals=_words("ze zij hen hun henzelf zijzelf"),
    possessives=_words("zijn haar hun diens"),
    things=_words("het"),
    pointers=_words("dat die dit deze zulke dergelijke diezelfde datzelfde dezelfde hetzelfde"),
    pointing_adverbs=_words("""
        daar daarbij daardoor daarin daarmee daarna daarnaar daarop daarover daartegen daartoe
        daaruit daarvan daarvoor destijds eraan erbij erdoor erin ermee erna ernaar erop erover
        ertegen ertoe eruit ervan ervoor hierbij hierdoor hierin hiermee hierna hierover hiertegen
        hiervan hiervoor hieraan daaraan toentertijd
    """),
    definite=_words("de het"),
    clause_openers=_words("""
        als dat doordat hoewel nadat omdat sinds terwijl toen totdat voordat waar waarbij waarin
        waarom waarop wanneer want zodat zodra maar en voor of tot
    """),
    reporting=_words("""
        beweert beweerde beweren bevestigt bevestigde bevestigd blijkt bang betekent denkt denken
        dacht duidelijk erkent erkende feit gelooft gezegd klopt meldt meldde meent mening stelt
        stelde stellen vindt vinden vond verklaart verklaarde verwacht verwachten waar weet weten
        wil wilde zegt zeggen zei zeiden zo zag ziet schreef schrijft wist vreest
    """),
    prepositions=_words("""
        aan bij binnen buiten door in langs met na naar namens om onder op over rond sinds tegen
        tijdens tot tussen uit van vanaf vanuit via volgens voor wegens zonder
    """),
    places=_words("in uit naar vanuit langs"),
    verbs=_words("""
        ben bent is was waren zijn word wordt worden werd werden heeft hebben had hadden kan kunnen
        kon konden moet moeten moest moesten mag mogen mocht wil willen wilde wilden zal zullen zou
        zouden doet doen deed deden gaat gaan ging gingen komt komen kwam kwamen zegt zeggen zei
        zeiden heet heten ligt liggen lag lagen staat staan stond stonden duurt duren duurde
        duurden begint beginnen begon begonnen gebeurt gebeurde gebeuren blijft blijven bleef
        bleven krijgt krijgen kreeg kregen geeft geven gaf gaven vindt vinden vond vonden maakt
        maken maakte maakten neemt nemen nam namen noemt noemen noemde noemden ziet zien zag zagen
        weet weten wist houdt houden hield werkt werken werkte klinkt kost kosten kostte betekent
        betekende stelt stelde denkt denken dacht
    """),
    light=_words("""
        al allemaal elkaar anders beide best dichtbij echt eens eigenlijk erg even exact gauw
        gebeurd geduurd gegaan gehad gekomen gemaakt geworden gezegd gedaan goed groot grote hoog
        inmiddels keer klein lang langer lange laat later laatste klaar meest meeste meteen minder
        momenteel nieuw nieuwe nodig oud ooit opnieuw ongeveer plaats precies snel soms sterk
        terug toe verder vroeg vroeger waarschijnlijk weer weinig wanneer zeker dank dankt begon
        allen eerste gang gebruik gehouden hoeveelste
        bekend nieuws nieuwste samen twee drie vier vijf zes zeven acht negen tien paar enkele
        alsjeblieft alstublieft graag
    """),
    generic=_words("""
        aantal afspraak akkoord bedrijf beeld beelden besluit bezoek bijeenkomst bericht conferentie
        conflict gebied gesprek gesprekken groep instituut land landen locatie locaties materiaal
        naam onderwerp ontmoeting oefening organisatie overleg plan plannen reactie reden
        functie stad toespraak uitspraak uitspraken verdrag verklaring vergadering voorstel wapens
        zaak situatie document mensen persoon personen
        bestuurder bestuurders dader daders gevolg gevolgen getuige getuigen oorzaak oorzaken
        schade slachtoffer slachtoffers uitslag verdachte verdachten winnaar winnaars
    """)
    | _DUTCH_ROLES,
    roles=_DUTCH_ROLES
    | _words("""
        acteur actrice advocaat arts bankier bisschop boer burgemeester coach commissaris dichter
        dokter gouverneur hoogleraar journalist keizer koning koningin minister-president
        onderzoeker oud-minister oud-premier paus prins prinses rechter schilder schrijfster
        schrijver speler sporter staatssecretaris topman topvrouw trainer wethouder zanger zangeres
    """),
    succession=_words("""
        opgevolgd opvolgen opvolger opvolgers opvolging opvolgster vervangen vervanger vervangt
        verving volgde volgen volgt voorganger voorgangers voorgangster
    """),
    imperatives=_words("""
        beschrijf citeer geef laat leg maak noem schets schrijf som toon vat verklaar vergelijk
        vertel zet zoek
    """),
    requested=_words("""
        alles antwoord artikel artikelen bericht berichten citaat citaten detail details feiten
        geven iets info informatie krant kranten laten lijst lijstje noemen opsommen opsomming
        overzicht samenvatten samenvatting stuk stukken tijdlijn uitleg uitleggen verhaal
        vertellen voorbeeld voorbeelden woorden zien zin zinnen
    """),
    courtesies=_words("kan kun kunt wil wilt zou"),
    addressees=_words("je jij u"),
    talk=_TALK,
    small_talk=_words("""
        allemaal antwoord duidelijk erg fijn goed handig hartelijk heel hulp interessant mooi prima
        super top uitleg ziens
    """),
    now=_words(
        "jaar week maand weekend voorjaar najaar zomer winter kwartaal ochtend moment seizoen"
    ),
    turning=_words("""
        alle alleen behalve geen meer minder niemand niet niets noch nooit zonder
    """),
    function=FUNCTION_WORDS["nl"],
    joins_words=False,
)
_ENGLISH = FollowUpVocabulary(
    openers=_words("and but so or then also"),
    topic_openers=("and what about", "and how about", "what about", "how about"),
    askers=_words("who whom whose what where when why how which"),
    person_askers=_words("who whom whose"),
    when=_words("when date year month day"),
    persons=_words("he him himself she her herself"),
    plurals=_words("they them themselves"),
    possessives=_words("his her its their"),
    things=_words("it"),
    pointers=_words("that this these those such"),
    pointing_adverbs=_words("there then thereafter thereby therefore afterwards"),
    definite=_words("the"),
    clause_openers=_words("""
        after although as because before but if once since so than that though until when where
        whether while and or say says said think thinks believe believes claim claims
    """),
    reporting=_words("""
        admit admits admitted announce announced believe believes believed claim claims claimed
        clear confirm confirmed deny denied expect expects expected fact fear feared hear heard
        know known mean meant report reported said say says saying see seen so state stated tell
        think thinks thought told true warn warned write wrote written
    """),
    prepositions=_words("""
        about after against among at before behind between by during for from in into of on over
        since through to towards under until with within without
    """),
    places=_words("in from to at into"),
    verbs=_words("""
        am are be been being is was were do does did done has have had having can could may might
        must shall should will would go goes went gone come comes came say says said get gets got
        give gives gave given make makes made take takes took taken happen happens happened last
        lasts lasted begin begins began begun start starts started stay stays stayed mean means
        meant call calls called see sees saw seen know knows knew known want wants wanted cost
        think thinks thought work works worked
    """),
    light=_words("""
        again another already always big close else even ever exactly far fast few first good
        great high important large later least likely little live located long longer lot much near
        necessary needed new now often old one ones place possible powerful probably quickly really
        same second small soon still strong sure there usually well yet dangerous late early ready
        too instead both known news latest two three four five six seven eight nine ten several
        please
    """),
    generic=_words("""
        agreement area city company conference conflict conversation conversations country countries
        decision deal document exercise group institute location locations material matter meeting
        meetings name number organisation organization people person photo picture plan plans
        reaction reason report situation speech statement talks treaty visit weapons function
        cause causes consequences culprit culprits damage driver drivers outcome suspect suspects
        victim victims winner winners witness witnesses
    """)
    | _ENGLISH_ROLES,
    roles=_ENGLISH_ROLES
    | _words("""
        actor actress archbishop artist author bishop coach doctor emperor farmer governor head
        journalist judge king lawyer mayor painter poet pope prince princess professor queen
        researcher secretary senator singer writer
    """),
    succession=_words("""
        predecessor predecessors replace replaced replacement replaces replacing succeed succeeded
        succeeding succeeds succession successor successors
    """),
    imperatives=_words("""
        compare describe explain find give list name outline quote show summarise summarize tell
        write
    """),
    requested=_words("""
        article articles answer detail details everything example examples explanation facts
        information list overview paper papers quote quotes sentence sentences something stories
        story summary timeline words
    """),
    courtesies=_words("can could will would"),
    addressees=_words("you"),
    talk=_TALK,
    small_talk=_words("""
        afternoon answer clear evening excellent fine good help helpful interesting lot morning much
        nice perfect
    """),
    now=_words(
        "year week month weekend spring summer autumn winter morning evening quarter season"
    ),
    turning=_words("""
        all cannot except less more most neither never no nobody none nor not nothing only without
    """),
    function=FUNCTION_WORDS["en"],
    joins_words=True,
)

VOCABULARIES = MappingProxyType({"nl": _DUTCH, "en": _ENGLISH})
"""The words of each language (ISO 639-1)."""
