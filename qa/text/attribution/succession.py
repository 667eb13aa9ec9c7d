"""Finds who succeeds whom: "Zij volgt Wim Bakker op", "replaced by Dirk Mulder"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.text.names import PERSON

# "haar assistent Dirk Mulder": what stands between, without the preposition of another phrase.
_NO_PREPOSITION = (
    r"(?!(?:van|in|op|door|bij|uit|met|aan|voor|na|als|tussen|naar|over|onder|rond|langs|tijdens"
    r"|tegen|by|of|at|from|with|for|after|as|on|to|into|near|between|under|during|against)\s)"
)
_DESCRIPTION = rf"(?:{_NO_PREPOSITION}[a-zà-ÿ][\w-]*\s){{0,4}}"
_OLD, _NEW = (rf"{_DESCRIPTION}(?P<{side}>{PERSON})" for side in ("old", "new"))
# Not the "op" of "volgde haar op de voet".
_OP = (
    r"\bop(?=\s*(?:[,.;:!?)”\"’]|$)|\s(?:als|en|in|bij|per|die|dat|met|vanaf|omdat|nadat|toen"
    r"|zodra|na|aan|wanneer)\b)"
)
_FORMS = tuple(
    re.compile(rf"\b{form}")
    for form in (
        rf"[Vv]olg(?:t|de|den|en)\s(?:(?:hij|zij|ze|die)\s)?{_OLD}(?:[,\s][^.;]{{0,80}}?)?\s?{_OP}",
        rf"(?:vervang(?:t|en)|verving(?:en)?|replac(?:es?|ed|ing)|succeed(?:s|ed|ing)?)\s{_OLD}",
        rf"(?:opvolger|opvolgster|vervanger|vervangster|successor|replacement)"
        rf"\s(?:van|of|to|for|voor)\s{_OLD}",
        rf"(?:neemt|nemen|nam(?:en)?|takes?|took)\s(?:[\w-]+\s){{0,4}}?over\s(?:van|from)\s{_OLD}",
        rf"(?P<old>{PERSON})(?:\s(?:zal|gaat|wil|moet|kan))?"
        r"\s(?:opvolg(?:t|de|den|en)|opgevolgd|op\ste\svolgen)\b(?!\sdoor)",
        rf"(?:opgevolgd|vervangen|afgelost|succeeded|replaced)\s(?:door|by)\s{_NEW}",
        rf"(?:opvolger|opvolgster|successor)\s(?:is|was|heet|wordt|werd)\s{_NEW}",
        rf"plaats\svoor\s{_NEW}",
        rf"(?:voorganger|voorgangster|predecessor)\s(?:van|of)\s{_NEW}",
    )
)
_BY = re.compile(
    r"\b(?:door|by)\s(?!wie\b|whom\b)(?:\S+\s){0,4}$", re.IGNORECASE
)  # "door Els Maas opgevolgd"
_REACH = 60  # characters


@dataclass(frozen=True, slots=True)
class Succession:
    """The place of the name of a predecessor (`old`) or of a successor (`new`) in a text."""

    old: tuple[int, int] | None
    new: tuple[int, int] | None


def find_successions(text: str) -> Iterator[Succession]:
    """Yield whom a text names as succeeded, or as a successor.

    >>> for said in ("Zij volgt Wim Bakker op.", "Hij is vervangen door zijn assistent Mulder."):
    ...     for each in find_successions(said):
    ...         print(each.old and said[slice(*each.old)], each.new and said[slice(*each.new)])
    Wim Bakker None
    None Mulder
    >>> list(find_successions("De hond volgde Wim Bakker op de voet."))
    []
    """
    for form in _FORMS:
        for found in form.finditer(text):
            side = "old" if "old" in form.groupindex else "new"
            place = found.span(side)
            if found.start() == place[0] and _BY.search(text[max(0, place[0] - _REACH) : place[0]]):
                side = "new"
            yield Succession(*((place, None) if side == "old" else (None, place)))
