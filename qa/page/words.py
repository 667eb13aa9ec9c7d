"""The fixed words of the page, in Dutch and English.

The frame of the page follows the browser's language; what stands in an answer follows the
language of its question.
"""

from __future__ import annotations

# `{done}` and the like are filled in by front.js.
FRAME = {
    "nl": {
        "tagline": "Elk antwoord is een letterlijk citaat, met artikel en datum.",
        "question": "Uw vraag",
        "placeholder": "Stel een vraag",
        "ask": "Vraag",
        "again": "Nieuw gesprek",
        "examples": "Bijvoorbeeld",
        "opening": "Het archief wordt geopend …",
        "indexing": "Het archief wordt geïndexeerd …",
        "passages": "{encoded_chunks} passages",
        "of": "{encoded_chunks} van {total_chunks} passages",
        "partly": "Antwoorden komen zolang uit de {articles} artikelen die al klaar zijn.",
        "one": "1 artikel",
        "ready": "{articles} artikelen",
        "empty": "Het archief is nog leeg. Vul het in een terminal met:",
        "folder": "MAP",
        "empty_after": "Deze pagina ziet vanzelf wanneer er artikelen zijn.",
        "locked": "Een ander programma schrijft in dit archief; hier is te lezen wat er al staat.",
        "failed": "Er is iets mis:",
        "refused": "{refused} bestanden of artikelen zijn geweigerd; de terminal zegt waarom.",
    },
    "en": {
        "tagline": "Every answer is a verbatim quote, with its article and date.",
        "question": "Your question",
        "placeholder": "Ask a question",
        "ask": "Ask",
        "again": "New conversation",
        "examples": "For example",
        "opening": "Opening the archive …",
        "indexing": "Indexing the archive …",
        "passages": "{encoded_chunks} passages",
        "of": "{encoded_chunks} of {total_chunks} passages",
        "partly": "Until then, answers come from the {articles} articles that are done.",
        "one": "1 article",
        "ready": "{articles} articles",
        "empty": "The archive is still empty. Fill it from a terminal with:",
        "folder": "FOLDER",
        "empty_after": "This page will notice when there are articles.",
        "locked": "Another program is writing to this archive; what is there can be read here.",
        "failed": "Something is wrong:",
        "refused": "{refused} files or articles were refused; the terminal says why.",
    },
}

ANSWER = {
    "nl": {
        "conversation": "Gesprek",
        "you": "Vraag",
        "answer": "Antwoord",
        "searching": "Zoeken …",
        "waiting": "Het archief wordt nog geïndexeerd; het antwoord volgt vanzelf …",
        "lead": "Volgens",
        "quote": "Citaat",
        "passage": "Passage om dit citaat",
        "absent": "Dit staat niet in het archief.",
        "near": "Het dichtst in de buurt, maar geen antwoord",
        "original": "Origineel",
        "apology": "Er ging iets mis, en dat is onze fout. In het logboek staat het als {id}.",
    },
    "en": {
        "conversation": "Conversation",
        "you": "Question",
        "answer": "Answer",
        "searching": "Searching …",
        "waiting": "The archive is still being indexed; the answer follows by itself …",
        "lead": "According to",
        "quote": "Quote",
        "passage": "Passage around this quote",
        "absent": "Not in this archive.",
        "near": "The nearest passages, but no answer",
        "original": "Original",
        "apology": "Something went wrong, and that is our fault. The log has it as {id}.",
    },
}

# Questions that the five articles in seeds/ answer.
EXAMPLES = (
    ("nl", "Welke bijnaam kreeg Sergej Soerovikin?"),
    ("nl", "Van wanneer tot wanneer duurde de militaire oefening in Belarus?"),
    ("nl", "In welke landen heeft de VS kernwapens staan volgens Poetin?"),
    ("en", "How long did Putin and Macron meet in the Kremlin?"),
)
