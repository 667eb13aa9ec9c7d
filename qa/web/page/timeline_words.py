"""The fixed texts of the view for timelines, in Dutch and English.

The scripts fill in `{count}` and the like.
"""

from __future__ import annotations

TIMELINE: dict[str, dict[str, str]] = {
    "nl": {
        "topic": "Volg een onderwerp door de tijd",
        "go": "Toon",
        "start": "Wat het archief over een onderwerp zegt, letterlijk en op volgorde van tijd.",
        "tracing": "De tijdlijn wordt gemaakt …",
        "entries": "Een keuze van {count} citaten, op volgorde van tijd",
        "entries_one": "1 citaat",
        "none": "Het archief zegt niets over dit onderwerp.",
        "none_filtered": "Het archief zegt niets over dit onderwerp in deze tijd.",
        "none_hint": "Noem het onderwerp met andere woorden, of kies een ruimere tijd.",
        "undated": "Zonder datum",
        "headline": "kop",
        "open": "Open het artikel",
        "no_words": "Dit onderwerp bevat geen woorden.",
        "long_topic": "Dit onderwerp is te lang; noem het in hoogstens {count} tekens.",
    },
    "en": {
        "topic": "Follow a topic through time",
        "go": "Show",
        "start": "What the archive says on a topic, word for word and in the order of time.",
        "tracing": "Making the timeline …",
        "entries": "A choice of {count} quotes, in the order of time",
        "entries_one": "1 quote",
        "none": "The archive says nothing on this topic.",
        "none_filtered": "The archive says nothing on this topic in this time.",
        "none_hint": "Name the topic in other words, or choose a wider time.",
        "undated": "Without a date",
        "headline": "headline",
        "open": "Open the article",
        "no_words": "This topic has no words.",
        "long_topic": "This topic is too long; name it in at most {count} characters.",
    },
}
