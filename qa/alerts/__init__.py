"""Saved searches and followed questions: what is new for them in an archive."""

from __future__ import annotations

from qa.alerts.followed import Followed, FoundQuote, NewQuotes
from qa.alerts.searches import Alerts, News

__all__ = ["Alerts", "Followed", "FoundQuote", "NewQuotes", "News"]
