"""Builds what is sent to a chat server, and learns from its refusals what it does not take."""

from __future__ import annotations

from collections.abc import Set
from enum import StrEnum

from qa.models.prompt import Prompt


class Feature(StrEnum):
    """A part of a request that some servers refuse, and that can be left out."""

    RESPONSE_FORMAT = "response_format"
    STREAM_OPTIONS = "stream_options"
    SEED = "seed"
    TEMPERATURE = "temperature"
    MAX_TOKENS = "max_tokens"
    MAX_COMPLETION_TOKENS = "max_completion_tokens"
    SYSTEM_MESSAGE = "system_message"


# How servers name what they refuse, in small letters.
_NAMES = {
    Feature.RESPONSE_FORMAT: ("response_format", "json_schema", "json schema", "grammar"),
    Feature.STREAM_OPTIONS: ("stream_options", "include_usage"),
    Feature.SEED: ("seed",),
    Feature.TEMPERATURE: ("temperature",),
    Feature.MAX_TOKENS: ("max_tokens", "max_completion_tokens"),
    Feature.MAX_COMPLETION_TOKENS: ("max_completion_tokens",),
    Feature.SYSTEM_MESSAGE: ("system role", "system message", "role 'system'", 'role "system"'),
}
_BLAMES_THE_REQUEST = {400, 422}
_OPTIONAL = {Feature.RESPONSE_FORMAT, Feature.STREAM_OPTIONS, Feature.SEED, Feature.TEMPERATURE}


def request_body(prompt: Prompt, model: str, refused: Set[Feature]) -> dict[str, object]:
    """Return the JSON of a chat request, without the features that the server refuses.

    >>> body = request_body(Prompt("Wijs aan.", "k7: …", 200), "gemma", {Feature.STREAM_OPTIONS})
    >>> sorted(body)
    ['max_tokens', 'messages', 'model', 'seed', 'stream', 'temperature']
    """
    values: dict[Feature, object] = {
        Feature.TEMPERATURE: 0,
        Feature.SEED: 1,
        Feature.STREAM_OPTIONS: {"include_usage": True},
        Feature.MAX_TOKENS: prompt.max_tokens,
        Feature.MAX_COMPLETION_TOKENS: prompt.max_tokens,
        Feature.RESPONSE_FORMAT: {
            "type": "json_schema",
            "json_schema": {"name": "quotes", "strict": True, "schema": prompt.schema},
        },
    }
    sent = sent_features(prompt, refused) - {Feature.SYSTEM_MESSAGE}
    return {
        "model": model,
        "messages": _messages(prompt, apart=Feature.SYSTEM_MESSAGE not in refused),
        "stream": True,
        **{feature.value: values[feature] for feature in Feature if feature in sent},
    }


def sent_features(prompt: Prompt, refused: Set[Feature]) -> set[Feature]:
    """Return the features that a request has; the limit of tokens has one name at a time."""
    sent = {feature for feature in Feature if feature not in refused}
    if prompt.schema is None:
        sent.discard(Feature.RESPONSE_FORMAT)
    if Feature.MAX_TOKENS in sent:
        sent.discard(Feature.MAX_COMPLETION_TOKENS)
    return sent


def newly_refused(status: int, said: str, sent: set[Feature]) -> set[Feature]:
    """Return which of the sent features a refusal speaks of.

    If it names none but blames the request, it may speak of any optional one.

    >>> newly_refused(400, "'response_format.type' must be 'text'", {Feature.RESPONSE_FORMAT})
    {<Feature.RESPONSE_FORMAT: 'response_format'>}
    """
    words = said.lower()
    named = {feature for feature in sent if any(name in words for name in _NAMES[feature])}
    return named or (sent & _OPTIONAL if status in _BLAMES_THE_REQUEST else set())


def _messages(prompt: Prompt, *, apart: bool) -> list[dict[str, str]]:
    if apart:
        return [
            {"role": "system", "content": prompt.instruction},
            {"role": "user", "content": prompt.text},
        ]
    return [{"role": "user", "content": f"{prompt.instruction}\n\n{prompt.text}"}]
