"""Follow-up questions: what a question leans on, and the question that stands on its own."""

from __future__ import annotations

from qa.question.followup.resolution import Standalone, Turn, resolve

__all__ = ["Standalone", "Turn", "resolve"]
