"""Holds what Dateline says of a language model that is plugged in, in Dutch and English."""

from __future__ import annotations

_PHRASES = {
    "nl": {
        "unreachable": "Het taalmodel op {host} is niet te bereiken. Start de server ervan, of "
        "verbeter het adres (--generator of DATELINE_GENERATOR).",
        "not_allowed": "De server op {host} laat dit niet toe. Controleer de sleutel "
        "(DATELINE_GENERATOR_KEY of DATELINE_GENERATOR_KEY_FILE) en het tegoed.",
        "no_such_model": "Het model {model} is er niet op {host}. Haal het op (bij Ollama: ollama "
        "pull {model}), laad het, of noem een ander met --generator-model.",
        "no_such_model_of": "Het model {model} is er niet op {host}. Wel zijn er: {models}. "
        "Kies met --generator-model.",
        "no_model": "Op {host} is geen model. Haal er een op (bij Ollama: ollama pull NAAM), of "
        "noem er een met --generator-model.",
        "no_model_of": "Op {host} zijn meer modellen: {models}. Kies er een met "
        "--generator-model of DATELINE_GENERATOR_MODEL.",
        "too_long": "De zinnen passen niet in het geheugen van {model} op {host}. Geef het model "
        "een grotere context (8192 tokens is genoeg), of kies een ander.",
        "cut_off": "Het antwoord van {model} op {host} brak af of kwam niet op tijd. Vraag het "
        "opnieuw, geef meer tijd met --generator-timeout, of kies een kleiner model.",
        "busy": "{model} op {host} is bezig met andere vragen. Probeer het straks opnieuw.",
        "not_understood": "De server op {host} antwoordt anders dan de chat-API van OpenAI "
        "voorschrijft. Controleer het adres, en of de server deze API spreekt.",
        "resting": " Na drie mislukte pogingen wordt het een minuut niet gevraagd.",
        "unnamed": "het taalmodel",
        "more_models": "en nog {count}",
    },
    "en": {
        "unreachable": "The language model at {host} cannot be reached. Start its server, or "
        "correct the address (--generator or DATELINE_GENERATOR).",
        "not_allowed": "The server at {host} does not allow this. Check the key "
        "(DATELINE_GENERATOR_KEY or DATELINE_GENERATOR_KEY_FILE) and the credit.",
        "no_such_model": "There is no model {model} at {host}. Fetch it (with Ollama: ollama pull "
        "{model}), load it, or name another with --generator-model.",
        "no_such_model_of": "There is no model {model} at {host}. There are: {models}. Choose "
        "with --generator-model.",
        "no_model": "There is no model at {host}. Fetch one (with Ollama: ollama pull NAME), or "
        "name one with --generator-model.",
        "no_model_of": "There are several models at {host}: {models}. Choose one with "
        "--generator-model or DATELINE_GENERATOR_MODEL.",
        "too_long": "The sentences do not fit into the memory of {model} at {host}. Give the "
        "model a larger context (8192 tokens are enough), or choose another.",
        "cut_off": "The answer of {model} at {host} broke off or did not come in time. Ask again, "
        "allow more time with --generator-timeout, or choose a smaller model.",
        "busy": "{model} at {host} is busy with other questions. Try again in a while.",
        "not_understood": "The server at {host} does not answer as OpenAI's chat API prescribes. "
        "Check the address, and whether the server speaks this API.",
        "resting": " After three failures in a row it is not asked for a minute.",
        "unnamed": "the language model",
        "more_models": "and {count} more",
    },
}


def generator_phrase(name: str, language: str, **values: object) -> str:
    """Return a phrase in Dutch ("nl") or English ("en"), with the values inserted unchanged."""
    return _PHRASES[language][name].format_map(values)
