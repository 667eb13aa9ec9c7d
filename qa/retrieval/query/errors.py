"""Why a query cannot be read, in the language of the reader."""

from __future__ import annotations

from qa.errors import SettingsError

_SHOWN = 20  # characters of the query on each side of an error

REASONS = {
    "en": {
        "no_text": "the query must be text, not {kind}",
        "no_unicode": "the query holds characters that are not valid Unicode",
        "empty": "the query is empty; write words to find",
        "too_long": "the query has {count} characters; write {most} or fewer, or search in parts",
        "too_many_words": "the query has {count} words; write {most} or fewer, or search in parts",
        "too_many_near": "the distances of the query have {count} words in all; write {most} or "
        "fewer, or search in parts",
        "too_many_stars": "the distances of the query have {count} words with an asterisk in all; "
        "write {most} or fewer, or search in parts",
        "ends": "the query ends here, and a word or phrase is missing",
        "missing": "a word or phrase is missing here",
        "missing_before": "a word or phrase is missing before this bracket",
        "and_misplaced": 'AND stands between two words; to find the word itself, write "and"',
        "or_misplaced": 'OR stands between two words; to find the word itself, write "or"',
        "near_misplaced": 'a distance follows a phrase, as in "brug sluis"~5',
        "equals_misplaced": "an equals sign stands before one word or phrase, as in =brug",
        "quote_alone": 'this quotation mark has no partner; write "the words"',
        "closes_none": "this bracket closes none; take it away",
        "never_closed": "this bracket is never closed; write (a OR b)",
        "too_deep": "more than {most} brackets are open here; close some of them before",
        "unknown_field": 'no field is called {field!r}; known are {known} (or write "{field}:…")',
        "field_in_field": "a field stands within a field; name only one",
        "minus": "to leave articles with a word out, write NOT {word}",
        "near_number": 'write a number of words from 0 to {most}, as in "brug sluis"~5',
        "near_words": 'a distance needs 2 to {most} words, as in "brug sluis"~5',
        "no_letter": "there is no letter or digit here; write a word to find",
        "asterisk": "an asterisk stands at the end of a word, as in veiligheids*",
    },
    "nl": {
        "no_text": "de zoekvraag moet tekst zijn, geen {kind}",
        "no_unicode": "in de zoekvraag staan tekens die geen geldige Unicode zijn",
        "empty": "de zoekvraag is leeg; schrijf woorden om te zoeken",
        "too_long": "de zoekvraag heeft {count} tekens; schrijf er hoogstens {most}, of zoek in "
        "delen",
        "too_many_words": "de zoekvraag heeft {count} woorden; schrijf er hoogstens {most}, of "
        "zoek in delen",
        "too_many_near": "de afstanden in de zoekvraag hebben samen {count} woorden; schrijf er "
        "hoogstens {most}, of zoek in delen",
        "too_many_stars": "de afstanden in de zoekvraag hebben samen {count} woorden met een "
        "sterretje; schrijf er hoogstens {most}, of zoek in delen",
        "ends": "hier eindigt de zoekvraag, en er ontbreekt nog een woord of woordgroep",
        "missing": "hier ontbreekt een woord of woordgroep",
        "missing_before": "voor dit haakje ontbreekt een woord of woordgroep",
        "and_misplaced": 'AND staat tussen twee woorden; zoekt u het woord zelf, schrijf dan "and"',
        "or_misplaced": 'OR staat tussen twee woorden; zoekt u het woord zelf, schrijf dan "or"',
        "near_misplaced": 'een afstand staat achter een woordgroep, zoals in "brug sluis"~5',
        "equals_misplaced": "een isgelijkteken staat voor één woord of woordgroep, zoals in =brug",
        "quote_alone": 'dit aanhalingsteken heeft geen tweede; schrijf "de woorden"',
        "closes_none": "dit haakje sluit niets; haal het weg",
        "never_closed": "dit haakje wordt nergens gesloten; schrijf (a OR b)",
        "too_deep": "hier staan meer dan {most} haakjes open; sluit er eerder een paar",
        "unknown_field": "er is geen veld dat {field!r} heet; bekend zijn {known} "
        '(of schrijf "{field}:…")',
        "field_in_field": "hier staat een veld in een veld; noem er maar één",
        "minus": "schrijf NOT {word} om artikelen met een woord weg te laten",
        "near_number": 'schrijf een aantal woorden van 0 tot {most}, zoals in "brug sluis"~5',
        "near_words": 'een afstand vraagt 2 tot {most} woorden, zoals in "brug sluis"~5',
        "no_letter": "hier staat geen letter of cijfer; schrijf een woord om te zoeken",
        "asterisk": "een sterretje staat aan het eind van een woord, zoals in veiligheids*",
    },
}


class UnreadableQueryError(SettingsError):
    """A query cannot be read; `reason` says why and what to do, `reason_in` in which language."""

    def __init__(self, name: str, **values: object) -> None:
        """Take the name of the reason, and the values that its words hold."""
        self._name = name
        self._values = values
        super().__init__(self.reason)

    @property
    def reason(self) -> str:
        """Say why in English."""
        return self.reason_in("en")

    def reason_in(self, language: str) -> str:
        """Say why in Dutch ("nl") or English ("en").

        >>> UnreadableQueryError("too_long", count=6000, most=5000).reason_in("nl")
        'de zoekvraag heeft 6000 tekens; schrijf er hoogstens 5000, of zoek in delen'
        """
        return REASONS[language][self._name].format_map(self._values)


class QueryError(UnreadableQueryError):
    """A query cannot be read at one place; `place` counts characters from 0."""

    def __init__(self, query: str, place: int, name: str, **values: object) -> None:
        """Say where in the query it is, with a hand that points at it, and what to do."""
        super().__init__(name, **values)
        before, after = self.around = _around(query, place)
        self.args = (f"query, character {place + 1} ({before}☞{after}): {self.reason}",)
        self.query = query
        self.place = place


def _around(query: str, place: int) -> tuple[str, str]:
    """Return what stands before and behind a place; "…" stands for what is left out.

    >>> _around("brug AND", 8)
    ('brug AND', '')
    """
    before, after = query[max(0, place - _SHOWN) : place], query[place : place + _SHOWN]
    cut = ("…" if place > _SHOWN else "", "…" if len(query) > place + _SHOWN else "")
    return cut[0] + before, after + cut[1]
