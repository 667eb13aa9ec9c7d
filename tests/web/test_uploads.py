"""Files that a reader sends: bounded, never outside of their folder, and only from the page."""

from __future__ import annotations

import http.client
import io
import shutil
import stat
import threading
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock
import httpx
import pytest

from qa.assistant import Assistant
from qa.ingest.formats import zip_package
from qa.web.access.middleware import Access
from qa.web.page.words import FRAME
from qa.web.uploads import staging, unpacked_files, upload
from qa.web.uploads.staging import Incoming
from qa.web.uploads.unpacked_files import Reception
from tests.conftest import open_hashed
from tests.page_serving import PANDAS_WARNINGS, serving

pytestmark = PANDAS_WARNINGS

OWN = {"Sec-Fetch-Site": "same-origin"}
TEXT = b"De purperreiger vertelde over dijken: een dijk houdt het water tegen."


def packed(
    members: dict[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


def take(
    folder: Path, name: str, content: bytes, room: int = unpacked_files.LARGEST
) -> tuple[set[str], list[str]]:
    reception = Reception(folder / "in", room)
    reception.folder.mkdir(parents=True)
    reception.take(name, io.BytesIO(content))
    outside = [each for each in folder.rglob("*") if not each.is_relative_to(reception.folder)]
    assert outside == []
    there = {
        each.relative_to(reception.folder).as_posix()
        for each in reception.folder.rglob("*")
        if each.is_file()
    }
    return there, [each.reason for each in reception.refused]


@pytest.mark.parametrize(
    ("name", "content", "there", "says"),
    [
        ("a.txt", TEXT, {"a.txt"}, None),
        ("krant/2022/a.txt", TEXT, {"krant/2022/a.txt"}, None),
        ("krant/.git/a.txt", TEXT, set(), None),
        ("../../a.txt", TEXT, set(), "leads out"),
        ("/tmp/a.txt", TEXT, set(), "leads out"),
        ("C:\\krant\\a.txt", TEXT, {"a.txt"}, None),
        ("..", TEXT, set(), "leads out"),
        ("", TEXT, set(), "leads out"),
        ("a.exe", TEXT, set(), "suffix"),
        ("a\nb.txt", TEXT, set(), "control"),
        ("a" * 300 + ".txt", TEXT, set(), "too long"),
        ("\udcff.txt", TEXT, set(), "UTF-8"),
        ("a.zip", b"PK\x03\x04 niet echt", set(), "no zip"),
        (
            "a.zip",
            packed({"k/a.txt": TEXT, "k/b.png": b"", "__MACOSX/a.txt": TEXT}),
            {"k/a.txt"},
            None,
        ),
        ("a.zip", packed({".a.txt": TEXT}), set(), None),
        ("a.zip", packed({"../a.txt": TEXT, "b.txt": TEXT}), {"b.txt"}, "leads out"),
        ("a.zip", packed({"/tmp/a.txt": TEXT}), set(), "leads out"),
        ("a.zip", packed({"k/../../a.txt": TEXT}), set(), "leads out"),
        ("a.zip", packed({link("a.txt"): b"/etc/passwd"}), set(), "link"),
        ("a.zip", packed({"a.txt": TEXT, "a.txt/b.txt": TEXT}), {"a.txt"}, "cannot be read"),
        ("a.zip", packed({"b.txt": TEXT}).replace(TEXT[:4], b""), {"b.txt"}, None),
        (
            "a.zip",
            packed({"a.txt": TEXT, "b.zip": packed({"c.txt": TEXT})}),
            {"a.txt"},
            "zip in a zip",
        ),
        *(
            ("a.zip", packed({"a.txt": TEXT}, method), set(), "deflate")
            for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
        ),
    ],
)
def test_what_is_taken(
    name: str, content: bytes, there: set[str], says: str | None, tmp_path: Path
) -> None:
    found, reasons = take(tmp_path, name, content)
    assert found == there
    if says is None:
        assert reasons == []
    else:
        assert [says in each for each in reasons] == [True]


def test_a_bomb_is_unpacked_no_further_than_there_is_room(tmp_path: Path) -> None:
    bomb = packed({f"{number}.txt": b"a" * 400_000 for number in range(5)})
    assert len(bomb) < 5000
    found, reasons = take(tmp_path, "a.zip", bomb, room=1_000_000)
    assert found == {"0.txt", "1.txt"}
    assert len(reasons) == 2  # of the file that was too much, and of all that came after it
    assert all("more than" in each for each in reasons)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_of_another_packing_costs_no_memory(method: int, tmp_path: Path) -> None:
    bomb = packed({"a.txt": bytes(10_000_000)}, method)
    assert len(bomb) < 10_000
    tracemalloc.start()
    try:
        assert take(tmp_path, "a.zip", bomb, room=1_000_000)[0] == set()
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_what_is_passed_over_in_a_zip_is_counted(tmp_path: Path) -> None:
    reception = Reception(tmp_path)
    members = {"a.txt": TEXT, "b.jpg": b"", "c.exe": b"", ".d.txt": TEXT}
    reception.take("a.zip", io.BytesIO(packed(members)))  # type: ignore[arg-type]
    reception.take(".git/e.txt", io.BytesIO(TEXT))
    assert (reception.skipped, reception.refused) == (4, [])


def test_a_size_that_lies_is_not_believed(tmp_path: Path) -> None:
    whole = bytearray(packed({"a.txt": TEXT * 100}))
    at = whole.rindex(b"PK\x01\x02") + 24
    whole[at : at + 4] = (10).to_bytes(4, "little")
    found, reasons = take(tmp_path, "a.zip", bytes(whole))
    assert (found, len(reasons)) == (set(), 1)


def test_a_damaged_member_costs_no_other(tmp_path: Path) -> None:
    whole = packed({"a.txt": TEXT, "b.txt": TEXT[:20]}, zipfile.ZIP_STORED)
    found, reasons = take(tmp_path, "a.zip", whole.replace(TEXT, TEXT[::-1]))
    assert found == {"b.txt"}
    assert ["cannot be unpacked" in each for each in reasons] == [True]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_comes_after_a_damaged_one_does_not_take_its_name(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.txt", TEXT)
        archive.writestr("a.txt", b"Iets anders.")
    found, reasons = take(tmp_path, "a.zip", made.getvalue().replace(TEXT, TEXT[::-1]))
    assert (found, len(reasons)) == (set(), 2)
    assert "two files of this name" in reasons[1]


def test_too_many_files_are_seen_before_they_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = packed({f"{number}.txt": b"" for number in range(20)})
    monkeypatch.setattr(zip_package, "LARGEST_CATALOG", 500)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert take(tmp_path, "a.zip", whole) == (set(), [unpacking_reason()])
    assert take(tmp_path / "b", "a.zip", whole + b"PK\x06\x07" + b" " * 40)[1] == [
        unpacking_reason()
    ]


def unpacking_reason() -> str:
    return "there may be more than 10000 files in it; split it"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Assistant]]:
    folder = tmp_path_factory.mktemp("adding")
    with open_hashed(folder / "store") as assistant:
        access = Access(allow_upload=True)
        with serving(assistant, folder / "store", access=access) as address:
            yield address, assistant


@pytest.fixture(scope="module")
def client(served: tuple[str, Assistant]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served[0], trust_env=False) as opened:
        yield opened


def send(client: httpx.Client, *files: tuple[str, bytes]) -> dict[str, Any]:
    """Send files; return the report."""
    given = [("files", (name, io.BytesIO(content))) for name, content in files]
    answer = client.post("/articles", files=given, headers=OWN)
    assert answer.status_code == 202, answer.text
    address = f"/articles/{answer.json()['id']}"
    while not (state := client.get(address).json())["done"]:
        time.sleep(0.02)
    assert isinstance(state, dict)
    return state


def test_articles_are_added_and_reported(
    client: httpx.Client, served: tuple[str, Assistant]
) -> None:
    records = '{"text": "Een reiger staat in de sloot."}\n{"titel": 1}\n'
    zipped = packed({"krant/b.txt": b"De boot vaart naar Terneuzen.", "../c.txt": TEXT})
    state = send(client, ("a.txt", TEXT), ("k.jsonl", records.encode()), ("z.zip", zipped))
    assert state["report"]["added"] == 3
    assert state["articles"] == 3
    assert state["refused_count"] == 2
    assert state["refused"][0]["path"] == "z.zip: ../c.txt"
    assert (state["refused"][1]["path"], state["refused"][1]["line"]) == ("k.jsonl", 2)
    assistant = served[1]
    assert {each.id for each in assistant.articles()} == {"added/a", "added/k#1", "added/krant/b"}
    again = send(client, ("a.txt", TEXT))
    assert (again["report"]["added"], again["report"]["unchanged"]) == (0, 1)
    assert assistant.check() == []


def origins(assistant: Assistant) -> list[object]:
    with assistant.archive.store.writing("test") as writer:
        return [writer.catalog.origin(key) for key in ("eigen", "added/naam")]


def test_what_is_there_is_never_changed(
    client: httpx.Client, served: tuple[str, Assistant], tmp_path: Path
) -> None:
    assistant = served[1]
    records = ('{"id": "eigen", "text": "Het eerste woord."}', '{"id": "eigen", "text": "Anders."}')
    (tmp_path / "k.jsonl").write_text(records[0], encoding="utf-8")
    assistant.ingest([tmp_path])
    send(client, ("naam.txt", b"De eerste lezer zag een otter."))
    before = list(assistant.articles()), origins(assistant)
    for name, content in (("k.jsonl", records[1].encode()), ("naam.txt", b"De tweede niet.")):
        state = send(client, (name, content))
        assert [state["report"][kind] for kind in ("added", "changed")] == [0, 0]
        assert ["is not replaced" in each["reason"] for each in state["refused"]] == [True]
    same = send(client, ("ander.jsonl", records[0].replace("}", ', "source": "k.jsonl"}').encode()))
    assert (same["report"]["unchanged"], same["refused_count"]) == (1, 0)
    assert (list(assistant.articles()), origins(assistant)) == before
    copy = send(client, ("kopie.txt", b"De eerste lezer zag een otter."))
    assert (copy["report"]["added"], copy["report"]["duplicates"]) == (1, 1)
    assert len(list(assistant.articles())) == len(before[0])


def test_a_locked_store_says_so(client: httpx.Client, served: tuple[str, Assistant]) -> None:
    with served[1].archive.store.writing("test"):
        state = send(client, ("x.txt", b"Iets heel anders over de gracht."))
    assert (state["trouble"], state["report"]) == ("locked", None)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "http://elders.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://{host}"}, 202),
    ],
)
def test_only_the_page_itself_may_send(
    client: httpx.Client, headers: dict[str, str], status: int
) -> None:
    given = {
        name: value.format(host=client.base_url.netloc.decode()) for name, value in headers.items()
    }
    answer = client.post("/articles", files={"files": ("a.txt", TEXT)}, headers=given)
    assert answer.status_code == status
    if status == 202:
        while not client.get(f"/articles/{answer.json()['id']}").json()["done"]:
            time.sleep(0.02)


START = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
END = b"\r\n--x--\r\n"


@contextmanager
def slow_sender(
    client: httpx.Client, sent: bytes = START[:17], size: int = 5000
) -> Iterator[http.client.HTTPConnection]:
    """Send the beginning of a form of so many bytes, and nothing more."""
    connection = http.client.HTTPConnection(client.base_url.netloc.decode())
    connection.putrequest("POST", "/articles")
    kind = "multipart/form-data; boundary=x"
    for name, value in (OWN | {"Content-Type": kind, "Content-Length": str(size)}).items():
        connection.putheader(name, value)
    connection.endheaders(sent)
    try:
        yield connection
    finally:
        connection.close()


def status_of_sending(client: httpx.Client) -> int:
    return client.post("/articles", files={"files": ("a.txt", TEXT)}, headers=OWN).status_code


def test_a_slow_sender_is_in_nobodys_way(
    client: httpx.Client, served: tuple[str, Assistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = served[1].archive.store.path / "incoming"
    with slow_sender(client):
        assert send(client, ("a.txt", TEXT))["refused_count"] == 0
        with slow_sender(client):  # of one client, two are the most
            wait_until(lambda: len(received(there)) == 2)
            assert status_of_sending(client) == 409
    wait_until(lambda: not received(there))
    monkeypatch.setattr(upload, "SECONDS_TO_BEGIN", 0.05)
    with slow_sender(client) as connection:
        assert connection.getresponse().status == 400


def test_who_sends_much_at_a_good_pace_has_the_time_for_it(
    client: httpx.Client, served: tuple[str, Assistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "SECONDS_TO_BEGIN", 0.3)
    begun = START + TEXT + b"\n" * 600_000  # half a minute's worth
    with slow_sender(client, begun, len(begun + END)) as connection:
        wait_until(lambda: len(received(served[1].archive.store.path / "incoming")) == 1)
        time.sleep(0.4)  # it is time that is tested
        connection.send(END)
        assert connection.getresponse().status == 202
    wait_until(lambda: not received(served[1].archive.store.path / "incoming"))


def test_waiting_for_another_server_holds_nobody_up(
    client: httpx.Client, served: tuple[str, Assistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    there, claim = served[1].archive.store.path / "incoming", Incoming._claim
    send(client, ("a.txt", TEXT))
    claiming = threading.Event()
    statuses: list[int] = []

    def claim_noted(self: Incoming) -> Path:
        claiming.set()
        return claim(self)

    def send_one() -> None:
        statuses.append(status_of_sending(client))

    monkeypatch.setattr(Incoming, "_claim", claim_noted)
    for folder in there.glob("*/"):
        shutil.rmtree(folder)  # it makes another, for which it needs the lock
    with filelock.FileLock(there / "lock"):
        sender = threading.Thread(target=send_one)
        sender.start()
        assert claiming.wait(30)
        assert client.get("/healthz").status_code == 200
        assert statuses == []
    sender.join()
    wait_until(lambda: not received(there))
    for folder in there.glob("*/"):
        shutil.rmtree(folder)
    monkeypatch.setattr(staging, "LONGEST_WAIT", 0.01)
    with filelock.FileLock(there / "lock"):
        assert status_of_sending(client) == 507
    assert status_of_sending(client) == 202
    assert statuses == [202]
    wait_until(lambda: not received(there))


def received(there: Path) -> list[Path]:
    """Return the folders of what is being received or read."""
    return [each for each in there.glob("*/*") if each.is_dir()]


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_nothing_that_was_sent_stays(
    client: httpx.Client, served: tuple[str, Assistant], tmp_path: Path
) -> None:
    send(client, ("a.txt", TEXT))
    assert received(served[1].archive.store.path / "incoming") == []
    held, place = Incoming(tmp_path / "in"), tmp_path / "in"
    assert not place.exists()
    kept = held.make()
    lost = place / "lost" / "old"
    lost.mkdir(parents=True)
    (lost / "a.txt").write_bytes(TEXT)
    Incoming(place)
    assert (kept.exists(), lost.parent.exists()) == (True, False)
    held.clear(kept)
    held.close()
    assert {each.name for each in place.iterdir()} == {"lock"}
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"exists|directory"):
        Incoming(tmp_path / "file").make()


def test_other_bodies_are_refused(client: httpx.Client) -> None:
    connection = http.client.HTTPConnection(client.base_url.netloc.decode())
    connection.putrequest("POST", "/articles")
    connection.putheader("Content-Length", "200000000")
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()
    elsewhere = client.post("/gradio_api/call/ask", content=b"x" * 1_000_001, headers=OWN)
    assert elsewhere.status_code == 413
    broken = {**OWN, "Content-Type": "multipart/form-data; boundary=x"}
    assert client.post("/articles", content=b"--y", headers=broken).status_code == 400
    assert client.post("/articles", json={"x": 1}, headers=OWN).status_code == 400
    assert client.post("/articles", content=b"--x--\r\n", headers=broken).status_code == 400
    assert client.get("/articles/onbekend").status_code == 404


def test_a_refusal_has_the_words_of_the_page(client: httpx.Client) -> None:
    told = [
        client.post("/articles", json={"x": 1}, headers=OWN),
        client.post("/articles/onbekend", headers=OWN),
        client.delete("/articles/onbekend", headers=OWN),
        client.post("/articles", json={"x": 1}),  # from a program without a key
    ]
    assert [(each.status_code, each.json()["error"]) for each in told] == [
        (400, "unreadable"),
        (404, "unknown"),
        (404, "unknown"),
        (403, "foreign"),
    ]
    assert told[0].json()["texts"] == {name: FRAME[name]["add_failed"] for name in ("nl", "en")}
    assert told[1].json()["texts"] == {name: FRAME[name]["preview_gone"] for name in ("nl", "en")}
    assert all(told[3].json()["texts"].values())


def test_a_full_disk_refuses_files_in_words(
    client: httpx.Client, served: tuple[str, Assistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")._replace(free=5_000_000)
    monkeypatch.setattr("index_store.space.shutil.disk_usage", lambda _: usage)
    big = {"files": ("a.txt", io.BytesIO(bytes(4_000_000)))}
    answer = client.post("/articles", files=big, headers=OWN)
    assert answer.status_code == 507
    assert answer.json()["free"] == 5_000_000 < answer.json()["needed"]
    assert "ongeveer 8.0 MB nodig" in answer.json()["texts"]["nl"]
    before = list(served[1].articles())
    state = send(client, ("vol.txt", b"De schijf is vol met oude kranten."))
    assert (state["trouble"], state["report"]) == ("failed", None)
    assert state["message"].startswith("The disk of the server has 5.0 MB free")
    assert list(served[1].articles()) == before
