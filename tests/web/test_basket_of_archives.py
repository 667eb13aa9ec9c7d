"""One basket for the quotes of several archives: who sees it, its files, and an archive that went.

It stands beside the history of the archive of the page, which asks the others as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import pytest
from typer.testing import CliRunner

from index_store.records import Article
from qa import QuoteBasket
from qa.__main__ import app
from qa.assistant import Assistant
from qa.exports import SUFFIXES, Difference, Failure, verify
from qa.history.history import FILE_NAME, History
from qa.web.access.middleware import Access
from qa.web.access.passwords import Passwords, User
from qa.web.access.roles import Role, Roles
from qa.web.archives import Archives
from qa.web.client.remote_archive import RemoteArchive
from qa.web.client.remote_quotes import RemoteQuotes
from qa.web.client.server_address import ServerAddress
from tests.page_serving import PANDAS_WARNINGS, running, running_several
from tests.two_archives import TEXTS, two_archives
from tests.web.test_archive_roles import HASH, PASSWORD
from tests.web.test_ending import wait_until

pytestmark = PANDAS_WARNINGS

EVERYWHERE = Roles(Role.READER)
ZEELAND_ALONE = Roles(None, {"zeeland": Role.READER})
EDITED = "Geen reiger meer."


@dataclass(slots=True)
class Newsroom:
    """Two archives in a folder, of which a server was started anew."""

    folder: Path
    lookups: dict[str, Callable[[str], Article | None]] = field(default_factory=dict)
    assistants: dict[str, Assistant] = field(default_factory=dict)

    @contextmanager
    def served(self, roles: Roles = EVERYWHERE, *, alone: bool = False) -> Iterator[httpx.Client]:
        """Yield a client of somebody with these roles at the page of Zeeland.

        `alone` serves no other archive.
        """
        with ExitStack() as opened:
            archives, keys = two_archives(self.folder, opened)
            self.assistants = {each.name or "": each.assistant for each in archives}
            self.lookups = {name: each.article for name, each in self.assistants.items()}
            passwords, audit = Passwords({"mia": User(HASH, roles)}), keys["zeeland"].audit
            if alone:
                zeeland = next(iter(archives))
                starting = running(zeeland, access=Access(passwords=passwords, audit=audit))
            else:
                access = Access(passwords=passwords, audit=audit, of_archives=keys)
                starting = running_several(archives, access)
            there = opened.enter_context(starting)
            shown = Archives([zeeland]) if alone else archives
            wait_until(lambda: all(each.startup.is_ready() for each in shown))
            address = there.address if alone else f"{there.address}archives/zeeland/"
            yield opened.enter_context(client(address))

    def change(self, name: str, text: str) -> None:
        """Give the article of an archive another text."""
        (self.folder / "stuk.txt").write_text(text, encoding="utf-8")
        self.assistants[name].ingest([self.folder / "stuk.txt"], replace=True)


def client(address: str) -> httpx.Client:
    shown = {"Authorization": f"Bearer mia:{PASSWORD}"}
    return httpx.Client(base_url=address, trust_env=False, timeout=60, headers=shown)


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path)


def place(archive: str | None, words: str | None = None, note: str = "") -> dict[str, Any]:
    """Return the place of words of the article that both archives have under one id."""
    text = TEXTS[archive or "zeeland"]
    words = words or text
    start = text.index(words)
    where = {"article_id": "stuk", "field": "text", "start": start, "end": start + len(words)}
    return where | {"text": words, "note": note} | ({"archive": archive} if archive else {})


def keep(http: httpx.Client) -> list[str]:
    """Keep a quote of each archive, in turn; return their ids."""
    asked = place("drenthe", note="Veen"), place("zeeland"), place("drenthe", "De purperreiger")
    kept = [http.post("basket", json=each) for each in asked]
    assert [each.status_code for each in kept] == [200] * 3
    return [each.json()["id"] for each in kept]


def listed(http: httpx.Client) -> list[tuple[str | None, str, str | None]]:
    quotes = http.get("basket").json()["quotes"]
    return [(each.get("archive"), each["text"], each["since"]) for each in quotes]


def states(http: httpx.Client) -> list[str]:
    return [each["state"] for each in http.get("basket/verify").json()["quotes"]]


def test_quotes_of_all_archives_stand_in_one_list_and_its_files(room: Newsroom) -> None:
    with room.served() as http:
        first, second, third = keep(http)
        again = http.post("basket", json=place(None)).json()  # the archive of the page has no name
        assert (again["id"], again.get("archive")) == (second, None)
        assert listed(http) == [
            ("drenthe", TEXTS["drenthe"], None),
            (None, TEXTS["zeeland"], None),
            ("drenthe", "De purperreiger", None),
        ]
        moved = http.patch(f"basket/{third}", json={"position": 1, "note": "Vogel"}).json()
        assert (moved["archive"], moved["note"]) == ("drenthe", "Vogel")
        assert [name for name, *_ in listed(http)] == ["drenthe", "drenthe", None]
        assert states(http) == ["verbatim"] * 3
        for suffix in SUFFIXES:
            file = room.folder / f"citaten{suffix}"
            file.write_bytes(http.get(f"basket{suffix}?language=nl").content)
            assert verify(file, room.lookups) == [], suffix
            assert verify(file, room.lookups["zeeland"]) != [], suffix
        told = http.get("basket.json").json()["answers"][0]["citations"]
        assert [each["archive"] for each in told] == ["drenthe", "drenthe", "zeeland"]
        assert http.delete(f"basket/{first}").json() == {"deleted": 1}
        asked = [place("drenthe"), {**place(None), "archive": "friesland"}, place(None)]
        several = http.post("basket/several", json={"quotes": asked}).json()
        assert [several[each] for each in ("kept", "known", "refused")] == [1, 1, 1]
        assert [each.get("archive") for each in several["quotes"]] == ["drenthe", None]
        assert http.get("../drenthe/basket").json()["total"] == 0  # it has a basket of its own
        assert http.delete("basket").json() == {"deleted": 3}


@pytest.mark.parametrize("archive", ["friesland", "../zeeland", 7, ["drenthe"]])
def test_nothing_is_kept_of_an_archive_that_is_not_there(room: Newsroom, archive: object) -> None:
    with room.served() as http:
        refused = http.post("basket", json={**place(None), "archive": archive})
        assert refused.status_code == (404 if isinstance(archive, str) else 422)
        wrong = http.post("basket", json={**place("zeeland"), "archive": "drenthe"})
        assert wrong.status_code == 409  # there, the article of that id reads otherwise
        assert listed(http) == []


def test_who_lost_the_role_in_an_archive_sees_and_changes_nothing_of_it(room: Newsroom) -> None:
    with room.served() as http:
        hidden, own, _ = keep(http)
        last = http.post("basket", json=place(None, "Aardenburg")).json()["id"]
    with room.served(ZEELAND_ALONE) as http:
        assert [name for name, *_ in listed(http)] == [None, None]
        for suffix in SUFFIXES:
            assert b"drenthe" not in http.get(f"basket{suffix}").content
            assert b"Emmen" not in http.get(f"basket{suffix}").content
        assert http.get("basket/verify").json()["total"] == 2
        unknown = http.post("basket", json={**place(None), "archive": "friesland"})
        refused = http.post("basket", json=place("drenthe"))
        assert (refused.status_code, refused.json()) == (404, unknown.json())
        assert http.patch(f"basket/{hidden}", json={"note": "x"}).status_code == 404
        assert http.delete(f"basket/{hidden}").status_code == 404
        assert http.patch(f"basket/{last}", json={"position": 1}).status_code == 200
        assert [text for _, text, _ in listed(http)] == ["Aardenburg", TEXTS["zeeland"]]
        assert http.delete(f"basket/{own}").json() == {"deleted": 1}
        assert http.delete("basket").json() == {"deleted": 1}
    with room.served() as http:
        assert [(name, since) for name, _, since in listed(http)] == [("drenthe", None)] * 2
        assert http.get("basket").json()["quotes"][0]["note"] == "Veen"


def test_a_quote_whose_article_changed_in_its_archive_says_so(room: Newsroom) -> None:
    with room.served() as http:
        keep(http)
        room.change("drenthe", EDITED)
        assert [since for *_, since in listed(http)] == ["changed", None, "changed"]
        assert states(http) == ["changed", "verbatim", "changed"]
        assert room.assistants["drenthe"].remove("stuk")
        assert [since for *_, since in listed(http)] == ["gone", None, "gone"]
        assert states(http) == ["gone", "verbatim", "gone"]


def test_a_quote_of_an_archive_that_is_no_longer_served_stays_as_it_was(room: Newsroom) -> None:
    with room.served() as http:
        keep(http)
    with room.served(alone=True) as http:
        first = http.get("basket").json()["quotes"][0]
        assert (first["archive"], first["since"]) == ("drenthe", "unserved")
        assert (first["text"], first["note"]) == (TEXTS["drenthe"], "Veen")
        checked = http.get("basket/verify").json()
        assert (checked["unserved"], checked["verbatim"], checked["gone"]) == (2, 1, 0)
        assert states(http) == ["unserved", "verbatim", "unserved"]
        for suffix in SUFFIXES:
            file = room.folder / f"citaten{suffix}"
            file.write_bytes(http.get(f"basket{suffix}?language=nl").content)
            told = "unserved" if suffix in (".json", ".csv") else "was er niet om na te slaan"
            assert told in whole_text(file), suffix
            failed = verify(file, {"zeeland": room.lookups["zeeland"]})
            assert [each.reason for each in failed if isinstance(each, Failure)], suffix
            back = verify(file, room.lookups)  # the archive is there again: it now says more
            assert back, suffix
            assert all(isinstance(each, Difference) for each in back), suffix
        assert http.delete(f"basket/{first['id']}").json() == {"deleted": 1}
    with room.served(ZEELAND_ALONE, alone=True) as http:
        assert [name for name, *_ in listed(http)] == [None]


def whole_text(file: Path) -> str:
    if file.suffix != ".docx":
        return file.read_text(encoding="utf-8")
    with ZipFile(file) as package:
        return package.read("word/document.xml").decode()


def test_the_shell_lists_them_with_their_archive(room: Newsroom) -> None:
    with room.served() as http:
        keep(http)
        far = RemoteQuotes(RemoteArchive(ServerAddress(str(http.base_url), f"mia:{PASSWORD}")))
        for opened in (
            QuoteBasket.open(room.assistants["zeeland"], owner="mia"),
            QuoteBasket(far, far.article),  # as `--url` does; it reads one archive as well
        ):
            with opened as basket:
                told = [(each.archive, each.since) for each in basket]
                assert told == [("drenthe", "unserved"), (None, None), ("drenthe", "unserved")]
                states = [each.state for each in basket.verify()]
                assert states == ["unserved", "verbatim", "unserved"]
    with History(room.folder / "zeeland" / FILE_NAME) as history:
        assert [each.archive for each in history.basket.quotes("mia")] == ["drenthe", "", "drenthe"]
    listing = ["quotes", "list", "--store", str(room.folder / "zeeland"), "--user", "mia"]
    shown = CliRunner().invoke(app, listing).stdout
    assert "drenthe: stuk, 0–" in shown
    assert "(its archive is not read here, and this is how it read then)" in shown
