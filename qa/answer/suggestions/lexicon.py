"""The words that introduce people and numbers in news, and the questions that ask about them."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Lower-case words of an article's language, as regular expressions.

    `roles` may end a compound ("NAVO-chef"). `articles` and `belonging` ("hoofd", "head") open a
    description of a person after a comma. `numbers` start at ten.
    """

    roles: str
    saying: str
    articles: str
    belonging: str
    numbers: str
    adjective: str
    plural: str


def _one_of(words: str) -> str:
    return "|".join(words.split())


LEXICONS = MappingProxyType(
    {
        "nl": Lexicon(
            roles=_one_of("""
                adviseur advocaat advocate ambassadeur analist analiste arts bestuurder bevelhebber
                bisschop burgemeester chef coach commandant commissaris correspondent correspondente
                deskundige diplomaat directeur directrice econoom eigenaar expert fotograaf generaal
                historica historicus hoogleraar jurist kamerlid kanselier kardinaal koning koningin
                leider leidster lijsttrekker minister onderzoeker onderzoekster ondernemer oprichter
                politica politicus premier president prins prinses regisseur rechter schrijfster
                schrijver secretaresse secretaris socioloog staatssecretaris topman topvrouw trainer
                viroloog voorzitster voorzitter wethouder woordvoerder woordvoerster
                """),
            saying=_one_of("""
                aldus antwoordde beaamt beaamde benadrukt benadrukte betoogt betoogde concludeert
                concludeerde denkt erkent erkende meldt meldde meent schreef schrijft stelde stelt
                verklaarde verklaart vertelde vertelt verwacht verwachtte vindt vond voorspelde
                voorspelt waarschuwde waarschuwt zegt zei
                """),
            articles="een|de|het",
            belonging="hoofd|lid|medewerker",
            numbers=_one_of("""
                tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien
                twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd duizend
                tientallen honderden duizenden tienduizenden honderdduizenden
                """),
            adjective=r"(?:[\w-]+e|extra)",  # excludes the verb of a clause: "45 man uitkwamen"
            plural="(?:en|s)",
        ),
        "en": Lexicon(
            roles=_one_of("""
                adviser advisor ambassador analyst architect author banker bishop captain chair
                chairman chairwoman chancellor chief coach colonel commander commissioner
                coordinator correspondent dean deputy diplomat director doctor economist editor
                expert founder general governor historian judge king lawyer leader lecturer
                manager mayor minister officer owner photographer physicist politician president
                prince princess professor queen researcher scientist secretary senator spokesman
                spokesperson spokeswoman treasurer virologist writer
                """),
            saying=_one_of("""
                acknowledged added admitted argued argues believes claimed claims concluded expects
                explained insisted predicted said says stated stressed told tweeted warned warns
                wrote writes
                """),
            articles="a|an|the",
            belonging="head|member",
            numbers=_one_of("""
                ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
                twenty thirty forty fifty sixty seventy eighty ninety dozens hundreds thousands
                """),
            adjective=r"[\w-]+",
            plural="s",
        ),
    }
)
"""The lexicon of each language in which articles are written."""

QUESTIONS = MappingProxyType(
    {
        "nl": {
            "who": "Wie is {name}?",
            "said": "Wat zei {name}?",
            "stands_for": "Waar staat {name} voor?",
            "how_many": "Hoeveel {name} worden er genoemd?",
        },
        "en": {
            "who": "Who is {name}?",
            "said": "What did {name} say?",
            "stands_for": "What does {name} stand for?",
            "how_many": "How many {name} are mentioned?",
        },
    }
)
"""The questions of each language of the person who asks; none needs an earlier question."""
