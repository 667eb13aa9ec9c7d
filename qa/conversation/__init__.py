"""Follow-up questions: what a question leans on, and the question that stands on its own."""

from __future__ import annotations

from qa.conversation.following import Standalone, Turn, resolve

__all__ = ["Standalone", "Turn", "resolve"]
