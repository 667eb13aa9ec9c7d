"""Texts that are no whole article: walls of cookies, and openings before a paywall."""

from __future__ import annotations

import re

from qa.ingest.refusals import RefusedError

_LONGEST_WALL = 4000  # characters
_MOST_ABOUT_COOKIES = 0.5  # of the text, by its sentences
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
# A wall speaks to its reader of its own cookies; an article on cookies speaks of those of others.
_OWN_COOKIES = re.compile(
    r"\b(?:wij|we|onze|ons|deze (?:web)?site|our|us|this (?:web)?site|partners)\b"
    r"[^.!?\n]{0,120}\bcookies?\b"
    r"|\bcookies?\b[^.!?\n]{0,80}"
    r"\b(?:van ons|onze|our|op deze (?:web)?site|on this (?:web)?site)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"\b(?:accepteer|accepteren|akkoord|weiger(?:en)?|toestemming|instellingen|voorkeuren"
    r"|accept|agree|reject|consent|preferences|settings|manage)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\bcookie|toestemming|akkoord|privacy|persoonlijke advertenties|gepersonaliseerde|\bconsent\b"
    r"|\baccept (?:all|cookies)|personali[sz]ed (?:ads|content)|alles (?:accepteren|weigeren)"
    r"|(?:voorkeuren|instellingen) (?:aanpassen|wijzigen|beheren)|onze partners|our partners",
    re.IGNORECASE,
)
_END = 400  # characters, in which an opening says that there is more
_PAYWALL = re.compile(
    r"lees (?:dit artikel )?verder (?:met|als|voor)\b"
    r"|(?:verder|verder te) lezen\?? (?:met|als|word|neem)"
    r"|(?:alleen|exclusief) (?:voor|toegankelijk voor|beschikbaar voor) (?:onze )?"
    r"(?:abonnees|leden|premium)"
    r"|dit artikel is (?:alleen|exclusief|enkel)\b"
    r"|al abonnee\?|nog geen abonnee|word (?:nu )?abonnee"
    r"|neem een abonnement|onbeperkt lezen|log in om (?:verder|dit artikel)"
    r"|subscribe (?:now )?to (?:continue|read)|to continue reading|already a subscriber"
    r"|(?:only available|exclusive(?:ly)?|available only) (?:to|for) (?:our )?"
    r"(?:subscribers|members)"
    r"|sign in to (?:continue|read)|this article is for subscribers",
    re.IGNORECASE,
)
# One of these stands in all that the pattern finds, and is looked for a hundred times faster.
_PAYWALL_WORDS = ("abonn", "lees ", "lezen", "leden", "premium", "dit artikel", "subscri",
                  "reading", "members", "sign in", "log in")  # fmt: skip
_CUT = re.compile(r"\[\+?\d+ (?:chars|characters|tekens)\]\s*\Z|\[(?:…|\.\.\.)\]\s*\Z")


def refuse_cookie_wall(text: str) -> None:
    """Refuse a text that asks for consent to cookies and says nothing else.

    Raises:
        RefusedError: the text is such a wall.
    """
    if len(text) > _LONGEST_WALL or "cookie" not in text.casefold():
        return
    if not (_OWN_COOKIES.search(text) and _CHOICE.search(text)):
        return
    about = sum(len(part) for part in _SENTENCE.findall(text) if _ABOUT.search(part))
    if about >= _MOST_ABOUT_COOKIES * len(text.strip()):
        raise RefusedError(
            "this is a question about cookies, not an article; save the page again after answering "
            "it"
        )


def notes_on_stub(text: str) -> tuple[str, ...]:
    """Return a note if a text says that the rest of it stands elsewhere.

    >>> notes_on_stub("De brug gaat open. Al abonnee? Log in.")
    ('only the beginning of the article: the rest is behind a paywall',)
    """
    end = text[-_END:]
    folded = end.casefold()
    if any(word in folded for word in _PAYWALL_WORDS) and _PAYWALL.search(end):
        return ("only the beginning of the article: the rest is behind a paywall",)
    if end.rstrip().endswith("]") and _CUT.search(end):
        return ("only the beginning of the article: its source cut the text",)
    return ()
