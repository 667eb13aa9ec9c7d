"""The query language in short, in Dutch and English: the view for search and the help show it.

`qa/retrieval/README.md` has the same rows, in English, and says all the rest.
"""

from __future__ import annotations

Row = tuple[tuple[str, ...], str]
"""What can be written, in one or more ways, and what that means."""

QUERY_LANGUAGE: dict[str, tuple[Row, ...]] = {
    "nl": (
        (
            ("brug",),
            "elke Nederlandse vorm van het woord en zijn samenstellingen, zoals bij een vraag: "
            "“bruggen”, “ophaalbrug”. Hoofdletters en accenten maken niet uit",
        ),
        (("=brug",), "het woord zelf. Hoofdletters maken niet uit, accenten wel"),
        (('"de nieuwe brug"',), "deze woorden achter elkaar, elk zoals met ="),
        (("veiligheids*",), "elk woord dat zo begint; ook in een reeks: “nieuwe brug*”"),
        (
            ('"brug sluis"~5',),
            "deze woorden in elke volgorde, met hoogstens 5 andere tussen het eerste en het "
            "laatste",
        ),
        (("brug sluis", "brug AND sluis"), "artikelen met allebei"),
        (("brug OR sluis",), "artikelen met een van beide, of allebei"),
        (("brug NOT sluis",), "artikelen met het eerste en zonder het tweede"),
        (
            ("(brug OR sluis) AND water*",),
            "haakjes zeggen wat bij elkaar hoort; anders bindt NOT voor AND, en AND voor OR",
        ),
        (
            ("titel:brug", "tekst:brug"),
            "alleen in titels, alleen in teksten; ook voor een reeks of haakjes",
        ),
        (
            ("bron:Volkskrant", 'auteur:"Ria Vos"', "rubriek:sport"),
            "artikelen waarvan de bron, auteur of rubriek deze woorden heeft, zoals met =",
        ),
    ),
    "en": (
        (
            ("brug",),
            "every Dutch form of the word and its compounds, as in asking: “bruggen”, "
            "“ophaalbrug”. Case and accents do not matter",
        ),
        (("=brug",), "the word itself. Case does not matter, accents do"),
        (('"de nieuwe brug"',), "these words in a row, each as with ="),
        (("veiligheids*",), "every word that begins so; also in a phrase: “nieuwe brug*”"),
        (
            ('"brug sluis"~5',),
            "these words in any order, with at most 5 other words between the first and the last",
        ),
        (("brug sluis", "brug AND sluis"), "articles with both"),
        (("brug OR sluis",), "articles with one of them, or both"),
        (("brug NOT sluis",), "articles with the first and without the second"),
        (
            ("(brug OR sluis) AND water*",),
            "brackets say what belongs together; else NOT binds before AND, and AND before OR",
        ),
        (
            ("title:brug", "text:brug"),
            "only in titles, only in texts; also before a phrase or brackets",
        ),
        (
            ("source:Volkskrant", 'author:"Ria Vos"', "section:sport"),
            "articles of which the source, author or section has these words, as with =",
        ),
    ),
}
