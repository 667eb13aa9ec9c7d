"""Asks a language model that somebody plugs in; the only way by which words leave the machine."""

from __future__ import annotations

from qa.models.generator.chat import ChatGenerator
from qa.models.generator.failure import FailureKind, GenerationError
from qa.models.generator.interface import GeneratedText, Generator
from qa.models.generator.limits import Limits
from qa.models.generator.recording import RecordingGenerator, ReplayedReply, ReplayGenerator
from qa.models.generator.reply import Reply
from qa.models.generator.reply_parser import Usage
from qa.models.generator.settings import GeneratorSettings

__all__ = [
    "ChatGenerator",
    "FailureKind",
    "GeneratedText",
    "GenerationError",
    "Generator",
    "GeneratorSettings",
    "Limits",
    "RecordingGenerator",
    "ReplayGenerator",
    "ReplayedReply",
    "Reply",
    "Usage",
]
