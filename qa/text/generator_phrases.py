"""Holds what Dateline says of a language model that is plugged in, in Dutch and English."""

from __future__ import annotations

_PHRASES = {
    "nl": {
        "unreachable": "Het taalmodel op {host} is niet te bereiken. Start de server ervan, of "
        "verbeter het adres (--generator of DATELINE_GENERATOR).",
        "insecure": "Met {host} is geen veilige verbinding mogelijk: het certificaat wordt niet "
        "vertrouwd, is verlopen of hoort bij een andere naam, of de server spreekt geen https. "
        "Verbeter het adres, of noem het bestand met het eigen certificaat in SSL_CERT_FILE.",
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
        "hung_up": "De server op {host} verbrak de verbinding zonder antwoord. Kijk wat die server "
        "zelf meldt, en of het adres met http of met https moet beginnen.",
        "busy": "{model} op {host} is bezig met andere vragen. Probeer het straks opnieuw.",
        "not_understood": "De server op {host} antwoordt anders dan de chat-API van OpenAI "
        "voorschrijft. Controleer het adres, en of de server deze API spreekt.",
        "resting": " Na drie mislukte pogingen wordt het een minuut niet gevraagd.",
        "unnamed": "het taalmodel",
        "more_models": "en nog {count}",
        "trial_reachable": "De server op {host} is bereikbaar ({place}).",
        "trial_here": "deze machine",
        "trial_elsewhere": "een andere machine: vraag en zinnen gaan daarheen",
        "trial_no_list": "De server geeft geen lijst van modellen; dat is geen bezwaar.",
        "trial_model": "Gevraagd wordt {model}.",
        "trial_model_not_listed": "{model} staat niet op de lijst van de server ({models}).",
        "trial_answer": "Een vraag van ons is goed beantwoord.",
        "trial_wrong": "Een vraag van ons is fout beantwoord: het model wees de verkeerde zin aan. "
        "Kies een groter model.",
        "trial_nothing": "Op een vraag van ons vond het model geen antwoord, en dat was er. Kies "
        "een groter model.",
        "trial_unusable": "Het antwoord op een vraag van ons heeft niet de gevraagde vorm. Kies "
        "een model dat opdrachten volgt.",
        "trial_thinks": "Het model denkt hardop tot er geen ruimte meer is voor het antwoord. Zet "
        "het denken uit, of kies een model dat niet denkt.",
        "trial_thoughts": "Het model denkt hardop; dat wordt niet gelezen en kost tijd.",
        "trial_schema": "De server neemt het schema van het antwoord aan.",
        "trial_schema_ignored": "De server neemt het schema aan, maar het model houdt zich er niet "
        "aan; ook regels worden gelezen.",
        "trial_no_schema": "De server neemt geen schema aan; regels zijn ook goed.",
        "trial_refused": "De server weigerde: {features}. Het gaat ook zonder.",
        "trial_context": "De langste vraag past ({tokens} tokens).",
        "trial_context_unknown": "De langste vraag wordt aangenomen; of alles gelezen is, zegt de "
        "server niet.",
        "trial_cut": "De server leest maar een deel van de langste vraag ({tokens} tokens). Geef "
        "het model een grotere context (bij Ollama: OLLAMA_CONTEXT_LENGTH=8192).",
        "trial_speed": "De langste vraag duurde {seconds} s, met de eerste woorden na {first} s.",
        "trial_slow": "De langste vraag duurde {seconds} s van de {timeout} s die er zijn. Geef "
        "meer tijd met --generator-timeout, of kies een kleiner model.",
        "trial_good": "Dit model kan gebruikt worden.",
        "trial_bad": "Zo kan dit model niet gebruikt worden; hierboven staat wat eraan te doen is.",
    },
    "en": {
        "unreachable": "The language model at {host} cannot be reached. Start its server, or "
        "correct the address (--generator or DATELINE_GENERATOR).",
        "insecure": "No safe connection to {host} can be made: its certificate is not trusted, has "
        "expired or belongs to another name, or the server does not speak https. Correct the "
        "address, or name the file with your own certificate in SSL_CERT_FILE.",
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
        "hung_up": "The server at {host} closed the connection without an answer. See what that "
        "server itself reports, and whether the address should begin with http or https.",
        "busy": "{model} at {host} is busy with other questions. Try again in a while.",
        "not_understood": "The server at {host} does not answer as OpenAI's chat API prescribes. "
        "Check the address, and whether the server speaks this API.",
        "resting": " After three failures in a row it is not asked for a minute.",
        "unnamed": "the language model",
        "more_models": "and {count} more",
        "trial_reachable": "The server at {host} can be reached ({place}).",
        "trial_here": "this machine",
        "trial_elsewhere": "another machine: the question and sentences go there",
        "trial_no_list": "The server gives no list of models; that does no harm.",
        "trial_model": "{model} is asked.",
        "trial_model_not_listed": "{model} is not on the server's list ({models}).",
        "trial_answer": "A question of ours was answered rightly.",
        "trial_wrong": "A question of ours was answered wrongly: the model pointed at the wrong "
        "sentence. Choose a larger model.",
        "trial_nothing": "The model found no answer to a question of ours, though there is one. "
        "Choose a larger model.",
        "trial_unusable": "The answer to a question of ours does not have the form that was asked. "
        "Choose a model that follows instructions.",
        "trial_thinks": "The model thinks aloud until no room is left for the answer. Turn its "
        "thinking off, or choose a model that does not think.",
        "trial_thoughts": "The model thinks aloud; that is not read, and takes time.",
        "trial_schema": "The server takes the schema of the answer.",
        "trial_schema_ignored": "The server takes the schema, but the model does not keep to it; "
        "lines are read too.",
        "trial_no_schema": "The server takes no schema; lines will do.",
        "trial_refused": "The server refused: {features}. It goes without them.",
        "trial_context": "The longest question fits ({tokens} tokens).",
        "trial_context_unknown": "The longest question is accepted; the server does not say "
        "whether all of it was read.",
        "trial_cut": "The server reads only a part of the longest question ({tokens} tokens). Give "
        "the model a larger context (with Ollama: OLLAMA_CONTEXT_LENGTH=8192).",
        "trial_speed": "The longest question took {seconds} s, with the first words after {first} "
        "s.",
        "trial_slow": "The longest question took {seconds} s of the {timeout} s that there are. "
        "Allow more time with --generator-timeout, or choose a smaller model.",
        "trial_good": "This model can be used.",
        "trial_bad": "The model cannot be used like this; what to mend stands above.",
    },
}


def shown_model(name: str) -> str:
    """Return the name of a model as people see it; of a file that llama.cpp serves, its last part.

    >>> shown_model("/srv/models/gemma-3-12b-it-Q4_K_M.gguf"), shown_model("google/gemma-3-12b")
    ('gemma-3-12b-it-Q4_K_M', 'google/gemma-3-12b')
    """
    file = name.replace("\\", "/").rpartition("/")[2]
    return file.removesuffix(".gguf") or name if file.endswith(".gguf") else name


def generator_phrase(name: str, language: str, **values: object) -> str:
    """Return a phrase in Dutch ("nl") or English ("en"), with the values inserted unchanged."""
    return _PHRASES[language][name].format_map(values)
