"""Holds the phrases that Dateline says, in Dutch and English."""

from __future__ import annotations

from index_store.records import Article

_OPENING_WORDS = 8

_PHRASES = {
    "nl": {
        "lead": "Volgens “{title}” ({date}): “{quote}” [{number}]",
        "further": "“{title}” ({date}): “{quote}” [{number}]",
        "lead_title": "Volgens de kop van een artikel ({date}): “{quote}” [{number}]",
        "further_title": "De kop van een artikel ({date}): “{quote}” [{number}]",
        "found": "Plaatsen in teksten: {places}; in koppen: {title_places}; artikelen: {articles} "
        "(zonder kopieën: {clusters})",
        "followed": "Nieuwe citaten: {count}",
        "found_columns": "plaatsen artikelen van per_artikel",
        "found_columns_10000-words": "plaatsen artikelen woorden per_10.000",
        "found_of_articles": "artikelen",
        "found_of_words": "woorden",
        "found_per_article": "Plaatsen in teksten; per artikel van de selectie.",
        "found_in_texts": "Plaatsen in teksten.",
        "found_per_10000-words": "Plaatsen in teksten; per 10.000 woorden van de selectie.",
        "found_unknown": "onbekend",
        "found_nothing": "Geen plaatsen gevonden.",
        "found_first": "De eerste {count} plaatsen; er zijn er meer.",
        "collocate_columns": "woord erbij totaal verwacht G² logDice",
        "collocates": "Bij {places} plaatsen in {articles} teksten staan {window_words} van de "
        "{words} woorden, hoogstens {window} woorden verder. Van kopieën telt alleen de oudste.",
        "ngram_columns": "woordgroep keer teksten",
        "ngrams": "Bij {places} plaatsen in {articles} teksten: groepen van {shortest} tot "
        "{longest} woorden, minstens {minimum} keer. Van kopieën telt alleen de oudste.",
        "absent": "Dit staat niet in het archief.",
        "absent_here": "In de gekozen periode staat geen antwoord.",
        "absent_selected": "In deze selectie staat geen antwoord.",
        "nothing_near": "Geen passage gaat over het onderwerp van de vraag.",
        "no_literal_answer": "Geen passage geeft hier woordelijk antwoord op.",
        "no_answer": "Er zijn wel passages over het onderwerp.",
        "unknown_name": "Geen artikel noemt {names}.",
        "cannot_count": "Dit kan niet worden geteld.",
        "generation_none_found": "{model} vond geen zin die antwoord geeft.",
        "generation_unusable": "Wat {model} schreef, is niet te gebruiken.",
        "generation_cut": "{model} kreeg maar een deel van de zinnen te zien. Geef de server een "
        "grotere context.",
        "nothing_to_send": "Geen gevonden artikel is van een bron waarvan zinnen naar het model "
        "mogen.",
        "model_here": "op deze computer",
        "model_elsewhere": "op een andere computer",
        "model_pointed": "{model} wijst deze zin aan",
        "model_sent_one": "1 zin ging naar {model} op {host} ({where}).",
        "model_sent": "{count} zinnen gingen naar {model} op {host} ({where}).",
        "not_counted": "Geteld wordt alleen wat artikelen wél en allemaal bevatten, dus zonder "
        "“niet” en “of”.",
        "digest_one": "Eén citaat{about}",
        "digest_many": "{count} citaten{about}",
        "digest_said_one": "Eén uitspraak van {speaker}{about}",
        "digest_said_many": "{count} uitspraken van {speaker}{about}",
        "digest_about": " over {topic}",
        "talk": "Stel een vraag over de artikelen in dit archief. Het antwoord bestaat uit "
        "letterlijke citaten, met hun datum.",
        "talk_examples": "Stel een vraag over de artikelen in dit archief. Het antwoord bestaat "
        "uit letterlijke citaten, met hun datum. Bijvoorbeeld: {examples}",
        "outside_period": "Buiten de gekozen periode staat er wel een antwoord.",
        "before_period": "Vóór de gekozen periode verscheen wel een antwoord.",
        "after_period": "Na de gekozen periode verscheen wel een antwoord.",
        "ahead_of_day": "De gekozen periode ligt na de peildatum; tot en met die dag verscheen "
        "wel een antwoord.",
        "undated_answer": "In een artikel waarvan de datum niet vaststaat, staat wel een antwoord.",
        "empty": "Het archief is leeg.",
        "none_selected": "Geen enkel artikel past bij de gekozen periode en filters.",
        "values": "Het archief zegt verschillende dingen, van oud naar nieuw: {values}",
        "values_agree": "Van oud naar nieuw: {values}",
        "values_in_time": "In de loop van de tijd",
        "values_same_time": "De bronnen spreken elkaar tegen",
        "differs": "zegt iets anders",
        "newest": "nieuwste",
        "newest_stated": "nieuwste vermelde datum",
        "standalone": "Opgevat als: {question}",
        "standalone_model": "Opgevat als: {question} (aangevuld door het taalmodel)",
        "misspelt": "“{written}” is gelezen als “{read}”.",
        "period": "Periode: {words}{days}",
        "speaks_of": "Gezocht naar wat spreekt van: {days}",
        "order_latest": "Het nieuwste eerst",
        "order_earliest": "Het oudste eerst",
        "not_understood": "“{words}” is niet als periode begrepen; daar is niet op gekozen.",
        "as_of": "Zoals op {day}: niets wat later kan zijn verschenen",
        "expression": "“{words}”: {days}",
        "weekday": "een {weekday} in {days}",
        "nearest": "Het dichtst in de buurt:",
        "by_words": "deelt woorden met de vraag",
        "by_meaning": "lijkt op de vraag zonder er woorden mee te delen",
        "also_in": "ook in {places}",
        "of_archive": "archief {archive}",
        "archive_bounds": "{bounds}: {said}",
        "archive_one": "1 artikel bevat {words}.",
        "archive_many": "{count} artikelen bevatten {words}.",
        "archive_none": "Geen artikel bevat {words}.",
        "archive_none_at_all": "Geen artikel valt binnen de vraag.",
        "withheld": "Beschadigd, en daarom niet getoond: {articles}. Zie: dateline check.",
        "archive_all_one": "Er is 1 artikel.",
        "archive_all_many": "Er zijn {count} artikelen.",
        "archive_copies": "Kopieën van één bericht als één geteld: {count}.",
        "archive_and": " en ",
        "archive_apart": "Apart komen ze wel voor: {counts}.",
        "archive_language": "De artikelen zijn vooral in het {spoken}; vraag het met een woord "
        "uit die taal.",
        "archive_rule_word": "Geteld is elk artikel met dit woord in kop of tekst, in deze vormen: "
        "{forms}.",
        "archive_rule_words": "Geteld is elk artikel met al deze woorden in kop of tekst, in deze "
        "vormen: {forms}.",
        "archive_sources": "{sources} bronnen: {counts}.",
        "archive_source": "1 bron: {counts}.",
        "archive_authors": "Geschreven door: {counts}.",
        "archive_no_author": "Bij {count} daarvan staat geen schrijver.",
        "archive_never_author": "Bij geen daarvan staat een schrijver.",
        "archive_first": "Het eerste is van {date}: “{title}” ({source}).",
        "archive_last": "Het laatste is van {date}: “{title}” ({source}).",
        "archive_same_day": "Op dezelfde dag verschenen er nog {count}.",
        "archive_may_be": "Zeker is dat niet: de dagen overlappen met die van nog {count}.",
        "archive_dates": "Ze verschenen van {first} tot en met {last}.",
        "archive_date": "Dat is van {first}.",
        "archive_undated": "Van {count} daarvan is niet bekend wanneer het verscheen.",
        "archive_never_dated": "Van geen daarvan is bekend wanneer het verscheen.",
        "archive_names": "De meeste noemen: {counts}.",
        "archive_terms": "Opvallende woorden: {counts}.",
        "archive_more": "… en nog {count}.",
        "compared_yes": "Ja",
        "compared_no": "Nee",
        "compared_equal": "Nee, het is gelijk",
        "compared_open": "Niet zeker",
        "compared_same": "Gelijk",
        "compared_against": "{one} tegen {other}",
        "compared_change": "eerst {one}, later {other}",
        "compared_more": "{amount} meer (berekend)",
        "compared_less": "{amount} minder (berekend)",
        "compared_none": "geen verschil (berekend)",
        "compared_about": "ongeveer {amount}",
        "compared_bounds": "hoeveel het scheelt, staat er niet precies",
        "compared_units": "de eenheden verschillen",
        "compared_missing": "Over {missing} is geen waarde gevonden; wel {one}.",
        "compared_most": "{days}: {value}, het meeste van {count} gevonden waarden.",
        "compared_least": "{days}: {value}, het minste van {count} gevonden waarden.",
        "compared_alone": "{days}: {value}, de enige waarde die gevonden is.",
    },
    "en": {
        "lead": "According to “{title}” ({date}): “{quote}” [{number}]",
        "further": "“{title}” ({date}): “{quote}” [{number}]",
        "lead_title": "According to the headline of an article ({date}): “{quote}” [{number}]",
        "further_title": "The headline of an article ({date}): “{quote}” [{number}]",
        "found": "Places in texts: {places}; in titles: {title_places}; articles: {articles} "
        "(without copies: {clusters})",
        "followed": "New quotes: {count}",
        "found_columns": "places articles of per_article",
        "found_columns_10000-words": "places articles words per_10,000",
        "found_of_articles": "articles",
        "found_of_words": "words",
        "found_per_article": "Places in texts; for each article of the selection.",
        "found_in_texts": "Places in texts.",
        "found_per_10000-words": "Places in texts; for 10,000 words of the selection.",
        "found_unknown": "unknown",
        "found_nothing": "No places found.",
        "found_first": "The first {count} places; there are more.",
        "collocate_columns": "word near total expected G² logDice",
        "collocates": "Near {places} places in {articles} texts, {window} words away at most, "
        "stand {window_words} of the {words} words. Of copies only the oldest counts.",
        "ngram_columns": "words times texts",
        "ngrams": "Of {places} places in {articles} texts: rows of {shortest} to {longest} words, "
        "{minimum} times or more. Of copies only the oldest counts.",
        "absent": "Not in this archive.",
        "absent_here": "No answer in the chosen period.",
        "absent_selected": "No answer in this selection.",
        "nothing_near": "No passage is about the subject of the question.",
        "no_literal_answer": "No passage answers this in so many words.",
        "no_answer": "There are passages on the subject.",
        "unknown_name": "No article mentions {names}.",
        "cannot_count": "This cannot be counted.",
        "generation_none_found": "{model} found no sentence that answers.",
        "generation_unusable": "What {model} wrote cannot be used.",
        "generation_cut": "{model} saw only a part of the sentences. Give the server a larger "
        "context.",
        "nothing_to_send": "No article that was found is of a source whose sentences may be sent.",
        "model_here": "on this machine",
        "model_elsewhere": "on another machine",
        "model_pointed": "{model} points at this sentence",
        "model_sent_one": "1 sentence went to {model} at {host} ({where}).",
        "model_sent": "{count} sentences went to {model} at {host} ({where}).",
        "not_counted": "Only what articles do hold, and all of it, is counted: without “not” "
        "and “or”.",
        "digest_one": "One quote{about}",
        "digest_many": "{count} quotes{about}",
        "digest_said_one": "One statement by {speaker}{about}",
        "digest_said_many": "{count} statements by {speaker}{about}",
        "digest_about": " on {topic}",
        "talk": "Ask about the articles in this archive. The answer consists of verbatim quotes, "
        "with their dates.",
        "talk_examples": "Ask about the articles in this archive. The answer consists of "
        "verbatim quotes, with their dates. For example: {examples}",
        "outside_period": "There is an answer outside the chosen period.",
        "before_period": "An answer appeared before the chosen period.",
        "after_period": "An answer appeared after the chosen period.",
        "ahead_of_day": "The chosen period lies after the as-of day; up to that day an answer did "
        "appear.",
        "undated_answer": "There is an answer in an article whose date is not certain.",
        "empty": "The archive is empty.",
        "none_selected": "No article fits the chosen period and filters.",
        "values": "The archive says different things, from old to new: {values}",
        "values_agree": "From old to new: {values}",
        "values_in_time": "Over time",
        "values_same_time": "The sources contradict each other",
        "differs": "says something else",
        "newest": "newest",
        "newest_stated": "newest stated date",
        "standalone": "Taken as: {question}",
        "standalone_model": "Taken as: {question} (completed by the language model)",
        "misspelt": "“{written}” was read as “{read}”.",
        "period": "Period: {words}{days}",
        "speaks_of": "Looked for what speaks of: {days}",
        "order_latest": "The newest first",
        "order_earliest": "The oldest first",
        "not_understood": "“{words}” was not understood as a period; nothing was bounded by it.",
        "as_of": "As on {day}: nothing that may have appeared later",
        "expression": "“{words}”: {days}",
        "weekday": "a {weekday} in {days}",
        "nearest": "Nearest passages:",
        "by_words": "shares words with the question",
        "by_meaning": "is like the question without sharing words with it",
        "also_in": "also in {places}",
        "of_archive": "archive {archive}",
        "archive_bounds": "{bounds}: {said}",
        "archive_one": "1 article contains {words}.",
        "archive_many": "{count} articles contain {words}.",
        "archive_none": "No article contains {words}.",
        "archive_none_at_all": "No article falls within the question.",
        "withheld": "Damaged, and therefore not shown: {articles}. See: dateline check.",
        "archive_all_one": "There is 1 article.",
        "archive_all_many": "There are {count} articles.",
        "archive_copies": "With copies of one report counted as one: {count}.",
        "archive_and": " and ",
        "archive_apart": "Apart they do occur: {counts}.",
        "archive_language": "Most articles are in {spoken}; ask with a word of that language.",
        "archive_rule_word": "Counted is every article with this word in its title or text, in "
        "these forms: {forms}.",
        "archive_rule_words": "Counted is every article with all these words in its title or text, "
        "in these forms: {forms}.",
        "archive_sources": "{sources} sources: {counts}.",
        "archive_source": "1 source: {counts}.",
        "archive_authors": "Written by: {counts}.",
        "archive_no_author": "{count} of them name no author.",
        "archive_never_author": "None of them names an author.",
        "archive_first": "The first is of {date}: “{title}” ({source}).",
        "archive_last": "The last is of {date}: “{title}” ({source}).",
        "archive_same_day": "{count} more appeared on the same day.",
        "archive_may_be": "That is not certain: its days overlap with those of {count} more.",
        "archive_dates": "They appeared from {first} to {last}.",
        "archive_date": "It is of {first}.",
        "archive_undated": "Of {count} of them it is not known when it appeared.",
        "archive_never_dated": "Of none of them is it known when it appeared.",
        "archive_names": "Most name: {counts}.",
        "archive_terms": "Telling words: {counts}.",
        "archive_more": "… and {count} more.",
        "compared_yes": "Yes",
        "compared_no": "No",
        "compared_equal": "No, it is the same",
        "compared_open": "Not certain",
        "compared_same": "The same",
        "compared_against": "{one} against {other}",
        "compared_change": "first {one}, later {other}",
        "compared_more": "{amount} more (computed)",
        "compared_less": "{amount} less (computed)",
        "compared_none": "no difference (computed)",
        "compared_about": "about {amount}",
        "compared_bounds": "how much it differs is not told exactly",
        "compared_units": "the units differ",
        "compared_missing": "No value was found for {missing}; there is {one}.",
        "compared_most": "{days}: {value}, the most of {count} values found.",
        "compared_least": "{days}: {value}, the least of {count} values found.",
        "compared_alone": "{days}: {value}, the only value found.",
    },
}


_COUNTS = {
    "nl": "Geen Eén Twee Drie Vier Vijf Zes Zeven Acht Negen Tien",
    "en": "No One Two Three Four Five Six Seven Eight Nine Ten",
}


def phrase(name: str, language: str, **values: object) -> str:
    """Return a phrase in Dutch ("nl") or English ("en"), with the values inserted unchanged."""
    return _PHRASES[language][name].format_map(values)


def count_in_words(count: int, language: str) -> str:
    """Return a number up to ten as a capitalised word, and a larger one in digits.

    >>> count_in_words(5, "nl"), count_in_words(12, "en")
    ('Vijf', '12')
    """
    words = _COUNTS[language].split()
    return words[count] if count < len(words) else str(count)


def display_title(article: Article) -> str:
    """Return the title of an article, or its opening words if it has no title."""
    if article.title:
        return article.title
    words = article.text.split(maxsplit=_OPENING_WORDS)
    return " ".join(words[:_OPENING_WORDS]) + (" …" if len(words) > _OPENING_WORDS else "")
