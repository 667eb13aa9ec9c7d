"""The fixed texts around the searches that readers save, in Dutch and English."""

from __future__ import annotations

SAVED: dict[str, dict[str, str]] = {
    "nl": {
        "saved": "Bewaarde zoekvragen",
        "save_this": "Bewaar deze zoekvraag",
        "name": "Naam van de zoekvraag",
        "save": "Bewaar",
        "done": "Bewaard als “{name}”. Wat er nieuw binnenkomt, staat bij “Bewaarde zoekvragen”.",
        "saved_as": "Bewaard als “{name}”",
        "taken": "Niet bewaard: er is al een zoekvraag met deze naam. Kies een andere.",
        "refused": "Niet bewaard: deze naam of zoekvraag kan niet worden bewaard. Kies een andere.",
        "full": "Niet bewaard: er is geen plaats meer. Verwijder eerst iets.",
        "new": "{count} nieuw",
        "with_news": "met iets nieuws",
        "nothing_new": "niets nieuws",
        "seen": "Gezien",
        "seen_done": "“{name}” is gezien: alleen wat hierna binnenkomt, telt als nieuw.",
        "delete": "Verwijder",
        "delete_sure": "Deze zoekvraag verwijderen?",
        "yes": "Ja, verwijder",
        "deleted": "“{name}” is verwijderd.",
        "damaged": "Deze zoekvraag is beschadigd: verwijder haar, en bewaar haar opnieuw.",
        "gone": "Deze zoekvraag is er niet meer.",
        "in_memory": "Het archief kan hier alleen worden gelezen: deze zoekvragen blijven bewaard "
        "tot de server stopt.",
    },
    "en": {
        "saved": "Saved searches",
        "save_this": "Save this search",
        "name": "Name of the search",
        "save": "Save",
        "done": "Saved as “{name}”. What comes in from now on stands at “Saved searches”.",
        "saved_as": "Saved as “{name}”",
        "taken": "Not saved: there is a search of this name already. Choose another.",
        "refused": "Not saved: this name or search cannot be saved. Choose another.",
        "full": "Not saved: there is no room left. Delete something first.",
        "new": "{count} new",
        "with_news": "with something new",
        "nothing_new": "nothing new",
        "seen": "Seen",
        "seen_done": "“{name}” is seen: only what comes in from now on counts as new.",
        "delete": "Delete",
        "delete_sure": "Delete this search?",
        "yes": "Yes, delete",
        "deleted": "“{name}” is deleted.",
        "damaged": "This search is damaged: delete it, and save it again.",
        "gone": "This search is no longer there.",
        "in_memory": "The archive can only be read here: these searches are kept until the server "
        "stops.",
    },
}
