"""Lets a language model point at sentences; it knows no network and makes no quotes.

1. `choose_sentences` takes the sentences of the reader's candidates, and others of the passages,
   and gives each an id. `places_of` turns candidates into places.
2. `make_prompt` writes the instruction and the sentences. The caller sends it to a model.
3. `DraftReader(sentences, most_picks(kind))` reads what comes back. `feed` returns picks as soon as
   they are whole; the caller stops the model when the reader `is_done`.
4. `finish` returns the `Draft`. Only its picks count: a pick that `feed` returned may be a thought.
5. The composer quotes each pick by its place: `cite(number, pick.sentence.passage,
   pick.sentence.start, pick.sentence.end, answer=pick.words)`.

`make_whole_question_prompt` and `read_whole_question` do the same for a follow-up question whose
words the rules do not find.

`is_cut(prompt, prompt_tokens)` tells whether the server read all of it; `PROMPT_VERSION` belongs to
the identity of a generator.
"""

from qa.answer.drafting.budget import is_digest, most_picks
from qa.answer.drafting.picks import Draft, DraftReader, DraftState, Pick
from qa.answer.drafting.prompt import PROMPT_VERSION, is_cut, make_prompt
from qa.answer.drafting.sentences import (
    NumberedSentence,
    Place,
    choose_sentences,
    places_of,
)
from qa.answer.drafting.whole_question import make_whole_question_prompt, read_whole_question

__all__ = [
    "PROMPT_VERSION",
    "Draft",
    "DraftReader",
    "DraftState",
    "NumberedSentence",
    "Pick",
    "Place",
    "choose_sentences",
    "is_cut",
    "is_digest",
    "make_prompt",
    "make_whole_question_prompt",
    "most_picks",
    "places_of",
    "read_whole_question",
]
