"""Finds the words beside a name that say what it is: "Zeeader 3, een kabel", "de app Zorgpoort"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.question.form.words import any_of

_SPANS = (
    "(?:dag|week|maand|jaar|uur|tijd|keer|day|week|month|year|hour|while|time)"  # "een week dicht"
)
_DETERMINER = re.compile(r"^(?:de|het|een|the|an?)\s+", re.IGNORECASE)
_WORDS = r"(?:[^,.;:()\n“”„\"]|(?<=\d)[.,](?=\d)){2,120}"
_STOP = r"(?=[,.;:()\n“”„\"]|$)"
_QUOTED = r"[‘’'“”„\"]?"
# The last words of compounds, too: "actiegroep", "stroomkabel", "theaterfestival".
_KINDS = any_of(
    """
    groep beweging organisatie vereniging stichting bond partij bedrijf concern fabriek fabrikant
    keten winkel supermarkt bank fonds verzekeraar uitgeverij krant weekblad tijdschrift omroep
    zender website site app dienst platform programma serie film boek roman album lied festival
    theater museum orkest band koor club ploeg school college universiteit ziekenhuis kliniek
    instituut bureau agentschap commissie rederij project wet verdrag akkoord regeling medicijn
    vaccin virus ziekte schip boot veerpont vliegtuig raket satelliet drone tank wapen kabel leiding
    brug tunnel dijk sluis haven luchthaven vliegveld station park natuurgebied eiland rivier berg
    vulkaan wijk buurt dorp stad gemeente provincie gebouw toren fort kasteel landgoed hotel
    restaurant stadion orkaan storm systeem
    group movement organisation organization association foundation party company firm newspaper
    magazine broadcaster service programme program series book novel song theatre orchestra team
    university hospital clinic institute agency committee treaty agreement drug vaccine disease
    ship ferry aircraft rocket satellite missile cable pipeline bridge port airport island river
    mountain volcano district village town city building tower castle stadium hurricane system
    """
)
# "Fauna Vrij is een procedure begonnen" does not say what it is, "een app die alles bewaart" does.
_DEED = re.compile(
    r"^(?!.*\s(?:die|dat|waar\w*|wie)\s).*"
    r"\s(?:(?:\w{2,4})?ge\w+(?:d|t|en)|(?:be|ver|ont|her)\w+(?:d|t)|be(?:gonnen|slopen))$"
)


def find_descriptions(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Yield the places of the words that describe a thing, the most telling first.

    >>> text = "De brug over de Wijde Aa, een ophaalbrug uit 1931, is dicht."
    >>> [text[slice(*place)] for place in find_descriptions(text, "de Wijde Aa")]
    ['een ophaalbrug uit 1931']
    >>> text = "Het theaterfestival Lichtbrug krijgt subsidie."
    >>> [text[slice(*place)] for place in find_descriptions(text, "Lichtbrug")]
    ['Het theaterfestival']
    """
    bare = _DETERMINER.sub("", name)
    if not bare:
        return
    spelled = r"\s+".join(map(re.escape, bare.split()))
    if not any(map(str.isupper, bare)):
        spelled = f"(?i:{spelled})"
    for form in _forms(rf"(?<![\w-]){spelled}(?![\w-]){_QUOTED}"):
        for found in re.finditer(form, text):
            start, end = found.span("words")
            end -= len(text[start:end]) - len(text[start:end].rstrip())
            is_deed = "is" in found.re.groupindex and _DEED.search(text[start:end])
            if not is_deed:
                yield start, end


def _forms(name: str) -> tuple[str, ...]:
    """Return the patterns of a name with its description in the group `words`."""
    return (
        rf"{name},\s(?P<words>(?:een|an?)\s{_WORDS}){_STOP}",
        rf"{name}\s\((?P<words>(?:een|an?|de|het|the)\s{_WORDS})\)",
        rf"{name}\s(?P<is>is|was|zijn|are|were)\s(?P<words>(?:een|an?)\s(?!{_SPANS}\b){_WORDS}){_STOP}",
        # Not "Lichtbrug, de Parade en Oerol", nor "Lichtbrug, de boeren, en …".
        rf"{name},\s(?P<words>(?:de|het|the)\s(?![^\W\d_a-zß-öø-ÿ]){_WORDS}),(?!\s(?:en|of|and|or)\s)",
        rf"(?P<words>(?:\b(?i:de|het|een|the|an?)\s)?(?:\b[a-zß-ÿ-]{{1,30}}e\s){{0,2}}"
        rf"\b[^\W\d_]?[a-zß-ÿ-]{{0,30}}{_KINDS})\s{_QUOTED}{name}",
    )
