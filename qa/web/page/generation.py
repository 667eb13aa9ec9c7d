"""What a language model was asked for an answer, as the page shows it."""

from __future__ import annotations

from typing import Any

from qa.answer.generation import SentSentence
from qa.answer.interpretation import sent_sentences
from qa.answer.records import Answer
from qa.models.generator import Generator
from qa.text.generator_phrases import shown_model
from qa.text.phrases import phrase
from qa.web.page.answer_words import ANSWER
from qa.web.page.render import about, named
from qa.web.page.words import FRAME
from qa.web.served import ServedArchive
from qa.web.served_union import ServedUnion


def offered_model(generator: Generator | None, language: str) -> dict[str, Any] | None:
    """Return the switch with which a reader asks the language model as well, if there is one.

    It is on at first only if the model runs on this machine: else text would leave the machine
    before the reader has agreed to it.
    """
    if generator is None:
        return None
    words = FRAME[language]
    where = phrase("model_here" if generator.is_local else "model_elsewhere", language)
    label = words["ask_model"].format(
        model=shown_model(generator.model) or words["model"], host=generator.host, where=where
    )
    return {"label": label, "on": generator.is_local}


def reading_words(generator: Generator, language: str) -> str:
    """Return the line that says that a language model is still reading."""
    model = shown_model(generator.model) or FRAME[language]["model"]
    return ANSWER[language]["model_reads"].format(model=model)


def shown_generation(archive: ServedArchive | ServedUnion, answer: Answer) -> dict[str, Any] | None:
    """Return what came of asking a language model, with the sentences that were sent to it."""
    generation = answer.generation
    if generation is None:
        return None
    return {
        "remark": generation.remark,
        "label": sent_sentences(generation, answer.language),
        "sent": [
            shown for each in generation.sent if (shown := _sent(archive, each, answer.language))
        ],
    }


def _sent(
    archive: ServedArchive | ServedUnion, sent: SentSentence, language: str
) -> dict[str, Any] | None:
    """Return a sentence that was sent, with its place; `None` if its article is gone."""
    article = archive.find_article(sent.article_id, sent.archive)
    if article is None:
        return None
    return {
        **about(article, language),
        "article": article.id,
        **named(sent.archive if archive.names else None),
        "start": sent.start,
        "end": sent.end,
        "text": " ".join(article.text[sent.start : sent.end].split()),
    }
