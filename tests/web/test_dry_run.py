"""Uploads that are only tried: shown in the reader's language, and stored only after a yes."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from index_store.records import Precision, Provenance, PublicationDate
from qa.assistant import Assistant
from qa.ingest.ingester import Progress
from qa.ingest.preview import IngestPreview, PreviewedArticle
from qa.ingest.refusals import Refusal
from qa.web.access.middleware import Access
from qa.web.uploads import addition as addition_module
from qa.web.uploads import upload
from qa.web.uploads.addition import Addition, Decision, DroppedError
from qa.web.uploads.told import date_origin, told_addition
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, serving
from tests.web.test_uploads import OWN, received, wait_until

pytestmark = PANDAS_WARNINGS

SHEET = (
    "kop;datum;tekst;oplage\n"
    "De brug is open;1/3/2022;De brug bij Oostkerk is weer open.;31000\n"
    "De molen;;Een molenaar maalt weer graan.;31000\n"
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Assistant]]:
    folder = tmp_path_factory.mktemp("trying")
    with open_hashed(folder / "store") as assistant:
        access = Access(allow_upload=True)
        with serving(assistant, folder / "store", access=access) as address:
            yield address, assistant


@pytest.fixture(scope="module")
def client(served: tuple[str, Assistant]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served[0], trust_env=False) as opened:
        yield opened


@pytest.fixture
def incoming(served: tuple[str, Assistant]) -> Path:
    return Path(served[1].archive.store.path) / "incoming"


def post(client: httpx.Client, name: str, content: str, dry_run: str = "true") -> httpx.Response:
    files = {"files": (name, io.BytesIO(content.encode()))}
    return client.post(f"/articles?dry_run={dry_run}", files=files, headers=OWN)


def look(client: httpx.Client, name: str, language: str = "nl") -> dict[str, Any]:
    """Return the state of an upload once it is done, or waits."""
    while not (state := client.get(f"/articles/{name}?language={language}").json())["done"]:
        time.sleep(0.02)
    assert isinstance(state, dict)
    return state


def tried(client: httpx.Client, name: str, content: str) -> str:
    answer = post(client, name, content)
    assert answer.status_code == 202, answer.text
    key = str(answer.json()["id"])
    assert look(client, key)["waiting"]
    return key


def decide(client: httpx.Client, method: str, key: str) -> int:
    return client.request(method, f"/articles/{key}", headers=OWN).status_code


def test_nothing_is_stored_before_the_reader_says_yes(
    client: httpx.Client, served: tuple[str, Assistant], incoming: Path
) -> None:
    before = served[1].count()
    key = tried(client, "brug.csv", SHEET)
    assert (served[1].count(), len(received(incoming))) == (before, 1)
    state = look(client, key)
    assert (state["report"], state["refused_count"], state["unused_count"]) == (None, 0, 1)
    assert decide(client, "POST", key) == 202
    report = look(client, key)["report"]
    assert (report["added"], report["undated"]) == (2, 1)
    assert served[1].count()[0] == before[0] + 2
    wait_until(lambda: not received(incoming))
    assert [decide(client, method, key) for method in ("POST", "DELETE")] == [409, 409]


def patch(client: httpx.Client, key: str, order: str, headers: dict[str, str] = OWN) -> int:
    return client.patch(f"/articles/{key}?date_order={order}", headers=headers).status_code


def test_where_no_date_shows_the_order_the_reader_says_it(
    client: httpx.Client, served: tuple[str, Assistant]
) -> None:
    text = "Een sluis bij Noordkerk is hersteld."
    key = tried(client, "sluis.csv", f"kop;datum;tekst\nDe sluis;1/3/2022;{text}\n")
    dates = look(client, key)["preview"]["open_dates"]
    assert dates == [
        {
            "name": "datum",
            "example": "1/3/2022",
            "orders": ["dmy", "mdy"],
            "taken": "dmy",
            "path": "sluis.csv",
            "files": 1,
            "days": {"dmy": "1 maart 2022", "mdy": "3 januari 2022"},
        }
    ]
    assert patch(client, key, "mdy") == 202
    state = look(client, key)
    (shown,) = state["preview"]["articles"]
    assert (shown["date"], state["preview"]["open_dates"][0]["taken"]) == ("3 januari 2022", "mdy")
    assert (
        state["notes"][0]["text"]
        .partition("gelezen als ")[2]
        .startswith("maand-dag-jaar, zoals gekozen")
    )
    assert decide(client, "POST", key) == 202
    assert look(client, key)["report"]["added"] == 1
    (stored,) = [each for each in served[1].articles() if each.text == text]
    assert stored.published.first == date(2022, 1, 3)
    assert patch(client, key, "dmy") == 409


def test_a_choice_changes_no_column_that_shows_its_order(client: httpx.Client) -> None:
    sheet = "kop,datum,tekst\nA,17/12/2021,Een vis zwemt.\nB,1/3/2022,Een vis springt.\n"
    key = tried(client, "vis.csv", sheet)
    assert look(client, key)["preview"]["open_dates"] == []
    assert patch(client, key, "mdy") == 202
    shown = look(client, key)["preview"]["articles"]
    assert [each["date"] for each in shown] == ["17 december 2021", "1 maart 2022"]
    assert decide(client, "DELETE", key) == 202


def test_only_known_orders_and_only_from_the_page(client: httpx.Client) -> None:
    key = tried(client, "brug.csv", SHEET)
    assert [patch(client, key, order) for order in ("", "ydm", "mdy&x=1")] == [422, 422, 202]
    assert patch(client, key, "mdy", {}) == 403
    assert patch(client, "onbekend", "mdy") == 404
    look(client, key)
    assert decide(client, "DELETE", key) == 202


def test_what_is_dropped_is_gone(
    client: httpx.Client, served: tuple[str, Assistant], incoming: Path
) -> None:
    before = served[1].count()
    key = tried(client, "otter.txt", "Een otter zwemt in de Linge.")
    assert decide(client, "DELETE", key) == 202
    wait_until(lambda: not received(incoming))
    assert client.get(f"/articles/{key}").status_code == 404
    assert [decide(client, method, key) for method in ("POST", "DELETE")] == [404, 404]
    assert served[1].count() == before


def test_the_preview_has_the_shape_of_the_shell(
    client: httpx.Client, served: tuple[str, Assistant], tmp_path: Path
) -> None:
    (tmp_path / "brug.csv").write_text(SHEET, encoding="utf-8")
    shell = served[1].preview([tmp_path / "brug.csv"], prefix="added").to_dict()
    key = tried(client, "brug.csv", SHEET)
    shown = look(client, key)["preview"]
    decide(client, "DELETE", key)
    days = [each.pop("days") for each in shown["open_dates"]]
    assert days == [{"dmy": "1 maart 2022", "mdy": "3 januari 2022"}]
    in_words = [(each.pop("date"), each.pop("date_origin")) for each in shown["articles"]]
    bare = json.loads(json.dumps(shell).replace(f"{tmp_path}/", ""))
    assert shown == bare
    assert in_words == [
        ("1 maart 2022", "in het bestand: “1/3/2022”"),
        ("datum onbekend", "nergens vermeld; wordt zo mogelijk afgeleid"),
    ]


def test_without_a_dry_run_articles_are_added_at_once(
    client: httpx.Client,
) -> None:
    answer = post(client, "bever.txt", "Een bever bouwt een dam.", dry_run="false")
    state = look(client, answer.json()["id"])
    assert (state["preview"], state["waiting"], state["report"]["added"]) == (None, False, 1)
    assert decide(client, "DELETE", answer.json()["id"]) == 409
    assert post(client, "bever.txt", "x", dry_run="misschien").status_code == 422


def test_only_the_page_itself_may_decide(client: httpx.Client) -> None:
    key = tried(client, "otter.txt", "Een otter zwemt in de Linge.")
    for method in ("POST", "DELETE"):
        for headers in ({}, {"Origin": "http://elders.example"}):
            answer = client.request(method, f"/articles/{key}", headers=headers)
            assert answer.status_code == 403
    assert look(client, key)["waiting"]
    assert decide(client, "DELETE", key) == 202
    assert decide(client, "POST", "onbekend") == 404


def test_each_upload_holds_its_own_files(client: httpx.Client, incoming: Path) -> None:
    keys = [tried(client, "een.txt", f"De {number}e lezer zag een das.") for number in (1, 2)]
    openings = [look(client, key)["preview"]["articles"][0]["opening"] for key in keys]
    assert openings == ["De 1e lezer zag een das.", "De 2e lezer zag een das."]
    assert decide(client, "DELETE", keys[0]) == 202
    assert decide(client, "POST", keys[1]) == 202
    assert look(client, keys[1])["report"]["added"] == 1
    wait_until(lambda: not received(incoming))


def test_few_uploads_wait_and_they_do_not_keep_others_out(
    client: httpx.Client, incoming: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [tried(client, "een.txt", f"De {number}e lezer zag een das.") for number in range(4)]
    assert post(client, "een.txt", "Nog een das.").status_code == 409
    for key in keys[1:]:
        assert decide(client, "DELETE", key) == 202
    wait_until(lambda: len(received(incoming)) == 1)
    monkeypatch.setattr(upload, "MOST_REPORTS", 1)  # the waiting one is not forgotten for it
    for text in ("Een egel.", "Een mol."):
        look(client, post(client, "dier.txt", text, dry_run="false").json()["id"])
    assert decide(client, "DELETE", keys[0]) == 202


def test_an_archive_that_is_in_use_lets_the_reader_try_again(
    client: httpx.Client, served: tuple[str, Assistant]
) -> None:
    key = tried(client, "gracht.txt", "De gracht is drooggelegd.")
    with served[1].archive.store.writing("test"):
        assert decide(client, "POST", key) == 202
        state = look(client, key)
    assert (state["waiting"], state["trouble"], state["report"]) == (True, "locked", None)
    assert decide(client, "POST", key) == 202
    assert look(client, key)["report"]["added"] == 1


def test_reading_ends_when_the_files_are_dropped() -> None:
    upload_ = Addition("a", is_dry_run=True)
    progress = Progress(1, 2, 0, 0, 0)
    upload_.advance(progress)
    assert not upload_.decide(Decision.TAKE_IN)  # nobody has seen yet what that would be
    assert upload_.decide(Decision.DROP)
    with pytest.raises(DroppedError):
        upload_.advance(progress)
    assert not upload_.decide(Decision.TAKE_IN)


def test_files_of_a_page_that_is_gone_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(addition_module, "SECONDS_BETWEEN_LOOKS", 0.01)
    upload_ = Addition("a", is_dry_run=True, clock=lambda: now)
    upload_.offer(preview_of())
    decided: list[Decision | None] = []
    waiting = threading.Thread(target=lambda: decided.append(upload_.decision()))
    waiting.start()
    now = addition_module.SECONDS_TO_DECIDE - 1
    upload_.look()  # the page is still there
    now = addition_module.SECONDS_TO_DECIDE + 1
    waiting.join(0.1)
    assert upload_.is_waiting
    now *= 2
    waiting.join(10)
    assert (decided, upload_.is_dropped) == ([Decision.DROP], True)


def preview_of(*articles: PreviewedArticle, refused: tuple[Refusal, ...] = ()) -> IngestPreview:
    return IngestPreview(articles, len(articles), 0, refused, (), (), ())


def article_of(published: PublicationDate, **changed: Any) -> PreviewedArticle:
    told = {"title": "Brug", "source": "De Dijkbode", "opening": "De brug.", "path": "in/a.txt"}
    return PreviewedArticle("a", published=published, line=None, **(told | changed))


def stated(words: str | None) -> PublicationDate:
    day = date(2022, 1, 3)
    return PublicationDate(day, day, Precision.DAY, Provenance.STATED, words)


@pytest.mark.parametrize(
    ("published", "dutch", "english"),
    [
        (PublicationDate(), "nergens vermeld", "stated nowhere"),
        (stated("3-1-22"), "in het bestand: “3-1-22”", "in the file: “3-1-22”"),
        (stated(None), "vermeld in het bestand", "stated in the file"),
        (stated("a.txt"), "uit de naam van het bestand", "from the name of the file"),
    ],
)
def test_the_origin_of_a_date_is_told(published: PublicationDate, dutch: str, english: str) -> None:
    article = article_of(published)
    assert date_origin(article, "nl").startswith(dutch)
    assert date_origin(article, "en").startswith(english)


def test_what_is_told_names_no_folder_of_the_server_and_has_an_end() -> None:
    folder = Path("/srv/archief/incoming/1/2")
    many = tuple(Refusal(f"{folder}/a.csv", line, HOSTILE) for line in range(1000))
    article = article_of(stated("2022"), title=HOSTILE * 20, path=f"{folder}/krant/a.txt")
    told = told_addition(Addition(folder=folder, preview=preview_of(article, refused=many)), "nl")
    assert str(folder) not in json.dumps(told)
    assert (told["refused_count"], len(told["refused"])) == (1000, 200)
    assert told["refused"][0] == {"path": "a.csv", "line": 0, "reason": HOSTILE, "lang": "en"}
    (shown,) = told["preview"]["articles"]
    assert (shown["path"], len(shown["title"])) == ("krant/a.txt", 300)
    assert shown["title"].startswith(HOSTILE)
