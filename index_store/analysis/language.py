"""Detects the language of a text, and holds the function words of Dutch and English."""

from __future__ import annotations

import re
from types import MappingProxyType

# Own lists: the packaged ones leave out question words (PyStemmer has none), or hold hundreds of
# content words of the news ("state", "bill", "world") as stopwordsiso and stop-words do.
_DUTCH = """
aan af al alle alleen alles als altijd ander andere ben bent bij daar daarna daarom dan dat de den
der deze die dit doch doen doet deed deden door dus echter een eens eerder elk elke en er ergens ge
geen geweest geworden had hadden haar heb hebben hebt heeft hem hen het hier hij hoe hoelang
hoeveel hoeveelste hoezo hun ieder iedere iemand iets ik in is ja je jij jou jouw jullie kan kon
konden kun kunnen kunt maar mag me meer met mij mijn mocht moest moesten moet moeten mogen na
naar nee niet niets noch nog nu of om omdat onder ons onze ook op over reeds sinds te tegen tijdens
toch toen tot tussen u uit uw van vanaf vanuit vanwege vaak veel via volgens voor waar waaraan
waarbij waardoor waarin waarmee waarom waarop waarover waarvan waarvoor waren wanneer want was wat
we wel welk welke werd werden wie wiens wij wil wilde willen worden wordt zal ze zei zelf zich zij
zijn zo zo'n zoals zonder zou zouden zullen
"""
_ENGLISH = """
a about after again against all also am an and any are aren't as at be because been before being
between both but by can can't cannot could couldn't did didn't do does doesn't doing don't during
each for from further had hadn't has hasn't have haven't having he her here hers herself him himself
his how i if in into is isn't it its itself just many may me might more most much must my myself no
nor not of off on once only or other our ours ourselves out over own said same say says shall she
should so some such than that the their theirs them themselves then there these they this those
through to too under until up upon us very was wasn't we were weren't what when where which while
who whom whose why will with within without won't would wouldn't you your yours
"""

FUNCTION_WORDS = MappingProxyType(
    {"nl": frozenset(_DUTCH.split()), "en": frozenset(_ENGLISH.split())}
)
"""Lower-case function and question words of each language; a question loses them."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_CHARACTERS_READ = 4000


def detect_language(text: str, *, among: tuple[str, ...] = ("nl", "en")) -> str:
    """Return the language of `text`, one of `among` (ISO 639-1 codes).

    Function words decide between Dutch and English: on short questions they err less than a model
    of letter sequences, and they need no model (120 MB). If they cannot decide, or if `among` holds
    other languages, py3langid decides. Only the start of a long text is read. If nothing in the
    text can be recognised, the result is the first of `among`.

    >>> detect_language("Wie is Scholz?"), detect_language("Who is Scholz?")
    ('nl', 'en')
    """
    start = text[:_CHARACTERS_READ]
    if len(among) == 1 or not _WORD.search(start):
        return among[0]
    if set(among) <= FUNCTION_WORDS.keys():
        voted = function_word_language(_WORD.findall(start.replace("’", "'").lower()))
        if voted is not None:
            return voted
    return _most_likely(start, among)


def function_word_language(words: list[str]) -> str | None:
    """Return "nl" or "en", whichever has more of the lower-case `words`; `None` on a tie.

    >>> function_word_language("wie won de super bowl".split())
    'nl'
    """
    dutch = sum(word in FUNCTION_WORDS["nl"] for word in words)
    english = sum(word in FUNCTION_WORDS["en"] for word in words)
    if dutch == english:
        return None
    return "nl" if dutch > english else "en"


def _most_likely(text: str, among: tuple[str, ...]) -> str:
    # The whole ranking is asked for, since py3langid's own restriction is a process-wide setting.
    import py3langid

    ranking = [(code, score) for code, score in py3langid.rank(text) if code in among]
    if not ranking or ranking[0][1] == ranking[-1][1]:
        return ranking[0][0] if len(ranking) == 1 else among[0]
    return str(ranking[0][0])
