"""Follow-up questions: finds what a question leaves out, and completes the question."""

from __future__ import annotations

from qa.question.followup.resolution import Standalone, Turn, lacks_words, resolve, resolve_asking

__all__ = ["Standalone", "Turn", "lacks_words", "resolve", "resolve_asking"]
