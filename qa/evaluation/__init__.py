"""How good the answers are: questions with known answers, asked and measured."""

INSTALL_EVAL = "install what evaluating needs with: pip install 'dateline-qa[eval]'"
