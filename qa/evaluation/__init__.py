"""Evaluation: asks questions with known answers and measures the results."""

INSTALL_EVAL = "install what evaluating needs with: pip install 'dateline-qa[eval]'"
