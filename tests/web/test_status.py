"""The status page: whoever may see the metrics sees it, in both languages and without scripts."""

from __future__ import annotations

from pathlib import Path

import httpx
import lxml.html

from qa.web.access.middleware import Access
from qa.web.access.passwords import Passwords
from qa.web.served import ServedArchive
from qa.web.status_page import WORDS
from tests.conftest import open_hashed
from tests.page_serving import PANDAS_WARNINGS, running
from tests.paths import SEEDS
from tests.store.test_identity import keep, put_back
from tests.web.test_access import HASH
from tests.web.test_ending import wait_until

pytestmark = PANDAS_WARNINGS


def rows(response: httpx.Response) -> dict[str, str]:
    assert response.status_code == 200
    found = lxml.html.fromstring(response.text).iter("tr")
    return {row[0].text_content(): row[1].text_content() for row in found}


def test_it_tells_the_figures_to_those_who_may_see_the_metrics(tmp_path: Path) -> None:
    users = tmp_path / "users"
    users.write_text(f"jan:{HASH}\nmia:{HASH}:admin\n", encoding="utf-8")
    with open_hashed(tmp_path / "store") as assistant:
        assistant.ingest([SEEDS])
        copy = keep(tmp_path / "store", "copy")
        name = next(assistant.articles()).id
        assistant.set_date(name, "2021")  # and other dates are inferred anew: two changes
    put_back(tmp_path / "store", copy)
    with open_hashed(tmp_path / "store") as assistant:
        archive = ServedArchive(assistant, store=tmp_path / "store")
        access = Access(passwords=Passwords.read(users))
        with (
            running(archive, access=access) as served,
            httpx.Client(base_url=served.address, trust_env=False) as client,
        ):
            wait_until(archive.startup.is_ready)
            page = client.get("status?language=en")
            english, dutch = rows(page), rows(client.get("status", headers={"Accept-Language": ""}))
            away = {"X-Forwarded-For": "192.0.2.9"}
            secret = "een lang geheim"
            statuses = [
                client.get("status", headers=away).status_code,
                client.get("status", headers=away, auth=("jan", secret)).status_code,
                client.get("status", headers=away, auth=("mia", secret)).status_code,
                client.post("status").status_code,
            ]
            (tmp_path / "store").rename(tmp_path / "away")  # as a disk that is not there any more
            without_disk = rows(client.get("status?language=en"))
            (tmp_path / "away").rename(tmp_path / "store")
        articles, chunks = assistant.count()
    assert statuses == [403, 403, 200, 405]
    assert english["Articles"] == dutch["Artikelen"] == str(articles)
    assert english["Chunks of text that can be found"] == str(chunks)
    assert (english["State"], english["In the queue"]) == ("ready for questions", "0")
    assert english["Older than it was"].startswith("changes that are missing: 2, ")
    assert dutch["Ouder dan het was"].startswith("wijzigingen die ontbreken: 2, ")
    assert english["Free on the disk"].endswith(" MB")
    gone = {"Free on the disk", "Articles last written", "Older than it was"}
    assert english.keys() - without_disk.keys() <= gone
    assert english["Running for"].startswith("0 days")
    assert english["Encoder"].startswith("hash-encoder")
    assert {"dateline-qa", "torch", "Memory in use", "Articles last written"} <= english.keys()
    assert "<script" not in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_both_languages_have_the_same_rows() -> None:
    assert [*WORDS["nl"]] == [*WORDS["en"]]
