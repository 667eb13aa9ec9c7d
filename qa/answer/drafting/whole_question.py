"""Asks a language model for the whole question behind a follow-up, and reads its one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index_store.analysis.language import detect_language
from qa.answer.drafting.shown_text import one_line
from qa.answer.drafting.thoughts import ThoughtFilter
from qa.models.prompt import Prompt
from qa.question.followup import Turn

_MOST_TOKENS = 60
_LONGEST_ANSWER = 200  # characters; a longer "short answer" is no answer of ours
_QUOTES = {'"': '"', "“": "”", "'": "'", "‘": "’", "«": "»"}

_WORDS = {
    "nl": {
        "instruction": (
            "Je maakt een vervolgvraag volledig. Je beantwoordt haar niet.\n"
            "Je krijgt de eerdere vragen van een gesprek, met hun korte antwoorden, en daaronder "
            "een nieuwe vraag waarin iets is weggelaten. Schrijf de nieuwe vraag op één regel, als "
            "een vraag die zonder het gesprek te begrijpen is. Behoud haar woorden, en gebruik "
            "verder alleen woorden, namen en getallen uit het gesprek.\n"
            "Is niet duidelijk wat er is weggelaten, schrijf dan alleen: 0"
        ),
        "question": "Vraag",
        "answer": "Antwoord",
        "new": "Nieuwe vraag",
    },
    "en": {
        "instruction": (
            "You complete a follow-up question. You do not answer it.\n"
            "You get the earlier questions of a conversation, with their short answers, and below "
            "them a new question that leaves something out. Write the new question on one line, as "
            "a question that can be understood without the conversation. Keep its words, and use "
            "otherwise only words, names and numbers of the conversation.\n"
            "If it is not clear what is left out, write only: 0"
        ),
        "question": "Question",
        "answer": "Answer",
        "new": "New question",
    },
}


def make_whole_question_prompt(
    question: str, history: Sequence[Turn], *, with_answers: bool = True
) -> Prompt:
    """Return what to ask about a follow-up; it holds earlier questions and their short answers.

    `with_answers=False` leaves the answers out, which are words of the archive.
    """
    words = _WORDS[detect_language(question)]
    lines = [*_lines(history, words, with_answers), f"{words['new']}: {one_line(question)}"]
    return Prompt(words["instruction"], "\n".join(lines), _MOST_TOKENS)


def read_whole_question(said: str) -> str | None:
    r"""Return the one line that a model wrote, without its thoughts and quotation marks.

    `None` stands for no line, several lines, or thoughts that do not end.

    >>> read_whole_question("<think>De brug?</think>\n“Wie betaalde de brug?”\n")
    'Wie betaalde de brug?'
    >>> read_whole_question("Wie betaalde de brug?\nDe gemeente.")
    """
    thoughts, spoken = ThoughtFilter(), ""
    for character in said:
        told, has_closed = thoughts.feed(character)
        spoken = "" if has_closed else spoken + told
    if thoughts.is_open:
        return None
    lines = (spoken + thoughts.finish()).strip().splitlines()
    line = lines[0].strip() if len(lines) == 1 else ""
    if len(line) > 1 and _QUOTES.get(line[0]) == line[-1]:
        line = line[1:-1].strip()
    return line or None


def _lines(history: Sequence[Turn], words: dict[str, str], with_answers: bool) -> Iterator[str]:
    for question, answer in history:
        yield f"{words['question']}: {one_line(question)}"
        if with_answers and answer and len(answer) <= _LONGEST_ANSWER:
            yield f"{words['answer']}: {one_line(answer)}"
