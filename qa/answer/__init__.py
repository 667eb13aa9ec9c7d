"""From passages to an answer: candidates, quotes, values, timelines, suggestions."""
