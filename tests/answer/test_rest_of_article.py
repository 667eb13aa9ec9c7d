"""Where the best passages do not answer, the rest of their articles is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index_store.local import LocalStore
from qa.archive import Archive
from qa.assistant import Assistant
from qa.evaluation.soak.stand_ins import HashEncoder
from qa.ingest.chunking import ChunkingSettings
from qa.models.loading import Models
from qa.models.reader.reader import Span, Text
from tests.store_building import make_article

ANSWER = "kluis zeventien"
TOLD = "dief alarm nacht bewaker auto snelweg camera ladder getuige".split()  # noqa: SIM905
# Each paragraph is a passage; the last one shares the fewest words with the question.
PARAGRAPHS = [
    *(
        f"De gestolen diamant van het museum in Brugge, en de {word}. " + f"Het was de {word}. " * 9
        for word in TOLD
    ),
    f"Later lag de diamant in {ANSWER}. " + "De agenten zwegen er over. " * 6,
]
OTHERS = [make_article(f"x/{n}", f"Het weer in Brugge op dag {n}. " * 8) for n in range(6)]


class OneAnswer:
    """A reader that knows one answer, and finds nothing that is likely anywhere else."""

    weights_hash = "0" * 64

    def __init__(self) -> None:
        self.texts = 0

    def read(self, question: str, texts: Sequence[Text], *, most: int = 1) -> list[Span]:
        del question, most
        self.texts += len(texts)
        found = []
        for number, text in enumerate(texts):
            start = max(text.text.find(ANSWER), 0)
            known = ANSWER in text.text
            end = start + len(ANSWER) if known else 5
            score, likely = (20.0, 0.99) if known else (-20.0, 0.01)
            found.append(Span(number, start, end, text.text[start:end], score, likely))
        return sorted(found, key=lambda span: -span.score)


def ask(path: Path, reader: OneAnswer, paragraphs: Sequence[str]) -> tuple[bool, str | None]:
    models = Models(load_encoder=lambda _: HashEncoder(), load_reader=lambda _: reader)
    chunking = ChunkingSettings(max_tokens=100, overlap_sentences=0)
    archive = Archive(LocalStore(path, create=True), models, chunking=chunking)
    folder = path.parent / "in"
    folder.mkdir()
    for article in [make_article("lang", "\n\n".join(paragraphs)), *OTHERS]:
        (folder / f"{article.id.replace('/', '-')}.txt").write_text(article.text, "utf-8")
    with Assistant(archive) as assistant:
        assistant.ingest([folder])
        answer = assistant.ask("Waar lag de gestolen diamant van het museum in Brugge?")
    for each in answer.citations:
        assert each.article.text[each.start : each.end] == each.quote
    assert [each.rank for each in answer.passages] == [*range(1, len(answer.passages) + 1)]
    return answer.abstained, answer.answer


def test_an_answer_deep_in_the_best_article_is_found(store_path: Path) -> None:
    assert ask(store_path, OneAnswer(), PARAGRAPHS) == (False, ANSWER)


def test_an_answer_among_the_first_passages_is_read_no_further(store_path: Path) -> None:
    reader = OneAnswer()
    asked = [f"De gestolen diamant van het museum in Brugge lag in {ANSWER}.", *PARAGRAPHS[:9]]
    assert ask(store_path, reader, asked) == (False, ANSWER)
    assert reader.texts <= 8


def test_nothing_is_made_up_where_no_part_answers(store_path: Path) -> None:
    assert ask(store_path, OneAnswer(), PARAGRAPHS[:9])[0]
