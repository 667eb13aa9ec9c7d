"""The texts of the help page, in Dutch and English.

What another part of the page says too is taken from there by `qa/web/help_page.py`.
"""

from __future__ import annotations

from qa.question.kind import AnswerKind
from qa.web.page.query_words import Row

HELP: dict[str, dict[str, str]] = {
    "nl": {
        "title": "Hulp",
        "back": "Terug naar het archief",
        "other_language": "English",
        "contents": "Op deze bladzijde",
        "opening": "Dateline antwoordt met letterlijke citaten uit het archief, elk met zijn "
        "artikel en datum.",
        "asking": "Vragen stellen",
        "asking_opening": "De vorm van de vraag bepaalt de vorm van het antwoord. Vraag in het "
        "Nederlands of Engels, in een hele zin of in een paar woorden.",
        "searching": "Zoeken",
        "tracing": "Tijdlijn",
        "choosing": "Artikelen kiezen",
        "choosing_opening": "Bij Filters kiest u artikelen op tijd, bron, rubriek, auteur en taal. "
        "Van elke soort telt een artikel mee dat een van de gekozen namen heeft.",
        "keeping": "Citaten bewaren",
        "keeping_opening": "Waar boven aan de pagina “Bewaard” staat, kunt u citaten bewaren. "
        "Andere gebruikers zien ze niet.",
        "keeping_keep": "staat bij elk citaat en elke vindplaats. Boven een open artikel bewaart "
        "het de woorden die u selecteert.",
        "keeping_add_note": "schrijft iets bij een bewaard citaat. De notitie wordt bewaard zodra "
        "u haar vak verlaat; Esc geeft op wat nog niet is bewaard.",
        "keeping_save_as": "maakt van de citaten en notities een bestand, in uw volgorde: Word, "
        "CSV of een andere vorm.",
        "keeping_verify": "vergelijkt zo’n bestand met het archief, op een computer waar dat "
        "staat, en noemt elk citaat dat er niet meer letterlijk in staat.",
        "sureness": "Hoe zeker een antwoord is",
        "sureness_opening": "Het woord bij een antwoord zegt hoe groot de kans is dat het klopt. "
        "Die kans is bepaald met vragen waarvan het antwoord bekend was.",
        "certain": "{least} % kans of meer.",
        "likely": "{least} tot {most} % kans.",
        "unsure": "Minder dan {most} % kans: lees het artikel erbij.",
        "keys": "Toetsen",
        "keys_opening": "Alles op de pagina is met het toetsenbord te bereiken.",
    },
    "en": {
        "title": "Help",
        "back": "Back to the archive",
        "other_language": "Nederlands",
        "contents": "On this page",
        "opening": "Dateline answers with verbatim quotes from the archive, each with its article "
        "and date.",
        "asking": "Asking questions",
        "asking_opening": "The form of the question decides the form of the answer. Ask in Dutch "
        "or English, in a whole sentence or in a few words.",
        "searching": "Search",
        "tracing": "Timeline",
        "choosing": "Choosing articles",
        "choosing_opening": "Under Filters you choose articles by time, source, section, author "
        "and language. Of each sort, an article takes part that has one of the names chosen.",
        "keeping": "Keeping quotes",
        "keeping_opening": "Where “Kept” stands at the top of the page, you can keep quotes. "
        "Other users do not see them.",
        "keeping_keep": "stands at each quote and each match. Above an open article it keeps the "
        "words that you select.",
        "keeping_add_note": "writes something with a kept quote. The note is saved as soon as you "
        "leave its box; Esc gives up what is not saved yet.",
        "keeping_save_as": "makes a file of the quotes and notes, in your order: Word, CSV or "
        "another form.",
        "keeping_verify": "compares such a file with the archive, on a computer that has it, and "
        "names each quote that no longer stands in it to the letter.",
        "sureness": "How sure an answer is",
        "sureness_opening": "The word with an answer says how probable it is that the answer is "
        "right. This was determined with questions whose answer was known.",
        "certain": "A probability of {least}% or more.",
        "likely": "A probability of {least} to {most}%.",
        "unsure": "A probability below {most}%: read the article too.",
        "keys": "Keys",
        "keys_opening": "Everything on the page can be reached with the keyboard.",
    },
}

# Questions of some kinds, and what answers them. A test holds each question to its kinds.
QUESTIONS: dict[str, tuple[tuple[frozenset[AnswerKind], Row], ...]] = {
    "nl": (
        (
            frozenset({AnswerKind.FACT, AnswerKind.LIST}),
            (
                ("Hoeveel tanks staan er aan de grens?", "Welke landen tekenden het akkoord?"),
                "De woorden die antwoorden, en de citaten waarin ze staan. Zeggen artikelen iets "
                "anders, dan staan de waarden met hun datum naast elkaar.",
            ),
        ),
        (
            frozenset({AnswerKind.YES_NO, AnswerKind.REASON}),
            (
                ("Kreeg de burgemeester gelijk?", "Waarom ging de brug dicht?"),
                "De zinnen die antwoorden.",
            ),
        ),
        (
            frozenset({AnswerKind.REPORT}),
            (
                ("Wat zei Poetin over Wit-Rusland?", "troepenopbouw"),
                "Hoogstens zes citaten die samen antwoorden, met hun datum. Vraagt u naar iemands "
                "woorden, dan alleen van diegene.",
            ),
        ),
        (
            frozenset({AnswerKind.OVERVIEW}),
            (
                ("Geef een overzicht van de onderhandelingen.",),
                "Hetzelfde, verspreid over de hele tijd van het archief.",
            ),
        ),
        (
            frozenset({AnswerKind.WHO}),
            (
                ("Wie is Kamala Harris?", "Wat is het ISW?"),
                "De woorden waarmee een artikel juist die naam voorstelt.",
            ),
        ),
        (
            frozenset({AnswerKind.COMPARE}),
            (
                (
                    "Trok het museum in 2022 meer bezoekers dan in 2019?",
                    "Hoeveel duurder is de sluis geworden?",
                ),
                "Beide waarden als citaat. Hun verschil staat erbij als berekend.",
            ),
        ),
        (
            frozenset({AnswerKind.ARCHIVE}),
            (
                (
                    "Hoeveel artikelen gaan over kernwapens?",
                    "Welke kranten schreven over de brug?",
                    "Wanneer verscheen het eerste artikel over de brug?",
                ),
                "Een exacte telling van artikelen, en wat er is geteld.",
            ),
        ),
        (
            frozenset({AnswerKind.TALK}),
            (("hallo", "help"), "Enkele vragen die dit archief beantwoordt."),
        ),
    ),
    "en": (
        (
            frozenset({AnswerKind.FACT, AnswerKind.LIST}),
            (
                ("How many tanks are at the border?", "Which countries signed the agreement?"),
                "The words that answer, and the quotes in which they stand. If articles say "
                "something else, the values stand side by side with their dates.",
            ),
        ),
        (
            frozenset({AnswerKind.YES_NO, AnswerKind.REASON}),
            (
                ("Did the mayor win the case?", "Why was the bridge closed?"),
                "The sentences that answer.",
            ),
        ),
        (
            frozenset({AnswerKind.REPORT}),
            (
                ("What did Putin say about Belarus?", "troop build-up"),
                "At most six quotes that together answer, with their dates. If you ask for "
                "somebody's words, only theirs.",
            ),
        ),
        (
            frozenset({AnswerKind.OVERVIEW}),
            (
                ("Give an overview of the negotiations.",),
                "The same, spread over the whole time of the archive.",
            ),
        ),
        (
            frozenset({AnswerKind.WHO}),
            (
                ("Who is Kamala Harris?", "What is the ISW?"),
                "The words by which an article introduces that very name.",
            ),
        ),
        (
            frozenset({AnswerKind.COMPARE}),
            (
                (
                    "Did the museum draw more visitors in 2022 than in 2019?",
                    "How much more expensive has the lock become?",
                ),
                "Both values as quotes. Their difference stands beside them as computed.",
            ),
        ),
        (
            frozenset({AnswerKind.ARCHIVE}),
            (
                (
                    "How many articles are about nuclear weapons?",
                    "Which newspapers wrote about the bridge?",
                    "When did the first article about the bridge appear?",
                ),
                "An exact count of articles, and what was counted.",
            ),
        ),
        (
            frozenset({AnswerKind.TALK}),
            (("hello", "help"), "Some questions that this archive answers."),
        ),
    ),
}

# What holds for questions, for queries and for the words of sureness, below their rows.
NOTES: dict[str, dict[str, tuple[str, ...]]] = {
    "nl": {
        "asking": (
            "Een tijd in de vraag (“in maart 2022”, “sinds 2019”) kiest artikelen op de dag van "
            "publicatie. Boven het antwoord staat wat ervan begrepen is; een klik haalt het weg.",
            "Een vervolgvraag mag kort zijn: “En in februari?” Wat uit de vragen ervoor is "
            "overgenomen, staat boven het antwoord.",
            "Een verschreven woord wordt gelezen als het woord dat het meest waarschijnlijk is. "
            "Het antwoord zegt het erbij.",
            "Is er geen antwoord, dan staat er waarom niet, met de passages die het dichtst in de "
            "buurt komen.",
            "“Volg deze vraag” bewaart een vraag. Wat daarna binnenkomt en haar beantwoordt, staat "
            "bij “Zoeken”, onder “Bewaarde zoekvragen”.",
            "Heeft de server meer archieven, dan beantwoordt “Vraag alle archieven” uw vragen uit "
            "alle samen; onder “Filters” kiest u er enkele. Elk citaat zegt van welk archief het "
            "is. Zoeken, de tijdlijn en gevolgde vragen zijn van één archief.",
        ),
        "searching": (
            "AND, OR en NOT staan in hoofdletters; in kleine letters zijn het woorden.",
            "De Nederlandse vormen van een naam kunnen andere woorden zijn (“Biden” vindt "
            "“bidden”). Schrijf dan =Biden.",
        ),
        "sureness": (
            "Een verzameling citaten en een telling hebben zo’n woord niet: citaten staan er "
            "letterlijk, en een telling is exact.",
            "Is de kans te klein, dan geeft Dateline geen antwoord.",
        ),
    },
    "en": {
        "asking": (
            "A time in the question (“in March 2022”, “since 2019”) chooses articles by their day "
            "of publication. What was made of it stands above the answer, and a click takes it "
            "away.",
            "A follow-up may be short: “And in February?” What was taken over from the questions "
            "before stands above the answer.",
            "A misspelt word is read as the word that is most likely. The answer says so.",
            "If there is no answer, the page says why, with the passages that come nearest.",
            "“Follow this question” keeps a question. What comes in afterwards and answers it "
            "stands at “Search”, below “Saved searches”.",
            "If the server has several archives, “Ask all archives” answers your questions from "
            "all of them together; at “Filters” you choose some. Each quote says of which archive "
            "it is. Search, timeline and followed questions are of one archive.",
        ),
        "searching": (
            "AND, OR and NOT are written in capitals; in small letters they are words.",
            "The Dutch forms of a name can be other words (“Biden” finds “bidden”). Write =Biden.",
        ),
        "sureness": (
            "A digest of quotes and a count have no such word: quotes are verbatim, and a count "
            "is exact.",
            "If the probability is too small, Dateline gives no answer.",
        ),
    },
}

# What can be written in a field for a day.
DAYS: dict[str, tuple[Row, ...]] = {
    "nl": (
        (("2021",), "het hele jaar: van 1 januari, of tot en met 31 december"),
        (("maart 2022", "2022-03"), "de hele maand: van de eerste, of tot en met de laatste dag"),
        (("17 december 2021", "17-12-2021", "2021-12-17"), "een dag"),
    ),
    "en": (
        (("2021",), "the whole year: from 1 January, or until 31 December"),
        (("March 2022", "2022-03"), "the whole month: from its first, or until its last day"),
        (("17 December 2021", "12/17/2021", "2021-12-17"), "a day"),
    ),
}

KEYS: dict[str, tuple[Row, ...]] = {
    "nl": (
        (("Enter",), "stelt de vraag, of zoekt"),
        (("Shift + Enter",), "begint een nieuwe regel in het vak"),
        (("Ctrl + Enter", "⌘ + Enter"), "bewaart de notitie bij een citaat"),
        (("Tab", "Shift + Tab"), "gaat naar het volgende of vorige onderdeel"),
        (
            ("←", "→", "Home", "End"),
            "gaat in een tijdlijn van staaf naar staaf; Enter kiest er een",
        ),
        (("Esc",), "sluit het artikel, het archief of de filters"),
        (("Alt + ←", "⌘ + ←"), "gaat terug, zoals met de knop van de browser"),
        (("Ctrl + P", "⌘ + P"), "drukt het gesprek, de vindplaatsen of het open artikel af"),
    ),
    "en": (
        (("Enter",), "asks the question, or searches"),
        (("Shift + Enter",), "begins a new line in the box"),
        (("Ctrl + Enter", "⌘ + Enter"), "saves the note on a quote"),
        (("Tab", "Shift + Tab"), "goes to the next or the previous part"),
        (("←", "→", "Home", "End"), "goes from bar to bar in a timeline; Enter chooses one"),
        (("Esc",), "closes the article, the archive or the filters"),
        (("Alt + ←", "⌘ + ←"), "goes back, like the button of the browser"),
        (("Ctrl + P", "⌘ + P"), "prints the conversation, the matches or the open article"),
    ),
}
