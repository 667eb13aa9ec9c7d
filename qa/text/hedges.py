"""Finds hedges: words by which a text says something with caution ("zou", "mogelijk", "may")."""

from __future__ import annotations

import re

# These change what the words directly behind them say, and can be shown together with them.
_OF_NEXT_WORDS = (
    r"bijna|haast|vrijwel|nagenoeg|zo\sgoed\sals|poging(?:en)?\stot|voormalige?|toekomstige?|aanstaande"
    r"|waarnemend|plaatsvervangend|demissionair|beoogde?|ontslagen|afgetreden|opgestapte|zelfbenoemde"
    r"|almost|nearly|virtually|just\sshort\sof|attempt(?:ed|s)?(?:\sat)?|former|future|acting|deputy"
    r"|interim|outgoing|incoming|designated|would-be|self-proclaimed|ousted|then"
)
# These say with caution what follows, or all of their sentence.
_BEFORE_WORDS = (
    r"mogelijk|misschien|wellicht|waarschijnlijk|vermoedelijk|naar\s(?:verluidt|schatting)"
    r"|vermeende?|zogenaamde?|zogeheten|perhaps|maybe|possibly|probably|presumably|apparently"
    r"|allegedly|alleged|reportedly|supposedly|suspected"
)
# "Als" is a condition only where a clause begins.
_OF_SENTENCE = (
    r"zou|zouden|mogelijkerwijs|vermoed(?:t|en|de|den)|naar\sverwachting|schijn(?:t|en|baar)"
    r"|hou(?:dt|den)\svol|hield(?:en)?\svol|volhoud\w*|lijk(?:t|en)|leek|leken|kan|kunnen|kon|konden|blijkbaar|kennelijk|beweer(?:t|de|den)"
    r"|beweren|geruchten?|speculatie\w*|dreig(?:t|en|de|den)|dreiging|vree(?:s|st|sde|zen)|angst|bang|waarschuw\w*|verdacht(?:e|en)?\svan|mits|indien"
    r"|onduidelijk|onzeker|onbekend|de\svraag\s(?:is|of)|alsof|(?:^|(?<=[,;:]\s)|(?:maar|en|want|dat)\s)als"
    # conditions
    r"|stel(?:\sdat)?|gesteld\sdat|in\shet\sgeval\sdat|op\svoorwaarde\sdat|zodra|zolang|wanneer"
    r"|(?:^|(?<=[,;:]\s))(?:had(?:den)?|was|waren|mocht(?:en)?)\b.*,\sdan"
    # what was held for true, or was so once
    r"|dacht(?:en)?|meen(?:t|de|den)|veronderstel\w*|geloof(?:t|de|den)|geloven"
    r"|aanvankelijk|oorspronkelijk|ooit|vroeger|destijds|voorheen|eertijds"
    r"|may|might|could|can|would|should|possible|probable|likely|purported(?:ly)?|supposed"
    r"|rumou?r(?:s|ed)?|speculat\w+|claim(?:s|ed|ing)?|(?:believed|thought|said)\sto"
    r"|insist(?:s|ed)?|seem(?:s|ed)?|appear(?:s|ed)?\sto|threat(?:s|en|ens|ened)?|fear(?:s|ed)?|afraid|warn(?:s|ed|ing)?|if|whether|provided\sthat|unclear"
    r"|suppos(?:e|ing)|assum(?:e|es|ed|ing)|once|as\s(?:soon|long)\sas|in\scase|in\sthe\sevent"
    r"|(?:^|(?<=[,;:]\s))had\s[^,]*,\s[^,]*\bhave|as\s(?:if|though)|thought|believe[sd]?"
    r"|initially|originally|formerly|previously|used\sto"
    r"|uncertain|unknown"
)
_HEDGE = re.compile(rf"(?<![\w-])(?:{_BEFORE_WORDS}|{_OF_SENTENCE})(?![\w-])")
_AT_END = re.compile(rf"(?<![\w-])(?:{_BEFORE_WORDS}|{_OF_NEXT_WORDS})\s$")


def is_hedged(text: str) -> bool:
    """Tell whether a text says anything with caution, as a rumour, on a condition or as over.

    What was believed or was so once ("aanvankelijk", "used to") may be over.
    What is only said of the next words does not count: "na bijna een jaar".

    >>> is_hedged("Het zou regenen"), is_hedged("In May it rained"), is_hedged("Na bijna een jaar")
    (True, False, False)
    """
    return bool(_HEDGE.search(_small_first(text)))


def hedge_start(text: str, start: int) -> int:
    """Return where the hedge begins that stands directly before a place; the place if none does.

    >>> hedge_start("Het was mogelijk kortsluiting.", 17)
    8
    """
    found = _AT_END.search(_small_first(text[:start]))
    return found.start() if found else start


def _small_first(text: str) -> str:
    """Return a text with its first letter made small, but for the month "May"."""
    return text if text.startswith("May") else text[:1].lower() + text[1:]
