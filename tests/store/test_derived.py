from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index_store.analysis.terms import question_terms
from index_store.catalog.reading import Catalog
from index_store.catalog.writing import CatalogWriter
from index_store.indexes import derived
from index_store.indexes.build_files import current_build
from index_store.local import LocalStore
from index_store.records import Manifest
from qa.evaluation.soak.stand_ins import HashEncoder
from tests.store_building import (
    ENCODER,
    make_article,
    make_store,
    news,
    open_view,
    put,
    reindex,
    results,
)

QUESTIONS = ("troepen", "Waar gaat bericht3 over?", "sancties en overleg")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("derived") / "store"
    make_store(path, news(30)).close()
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "store"))


@pytest.fixture
def store(path: Path) -> Iterator[LocalStore]:
    with closing(LocalStore(path)) as opened:
        yield opened


@pytest.fixture(scope="module")
def expected(made: Path) -> list[list[tuple[str, float]]]:
    with closing(LocalStore(made)) as opened:
        found = results(open_view(opened), *QUESTIONS)
    assert all(found)
    return found


def build_of(path: Path) -> Path:
    name = current_build(path / "derived")
    assert name is not None
    return path / "derived" / name


def files_of(build: Path) -> list[Path]:
    return sorted(f for f in build.rglob("*") if f.is_file() and f.suffix != ".lock")


def problems_of(path: Path, manifest: Manifest) -> list[str]:
    with closing(Catalog(path / "catalog.sqlite3")) as catalog:
        return derived.problems(path / "derived", catalog, manifest)


def assert_rebuilt(path: Path, before: str | None, expected: object) -> None:
    """Open as a new process would: the damage is noticed, made good, and stays good."""
    with closing(LocalStore(path)) as store:
        assert results(open_view(store), *QUESTIONS) == expected
        after = build_of(path).name
        assert after != before
        assert store.check() == []
    with closing(LocalStore(path)) as store:
        open_view(store)
        assert build_of(path).name == after
        assert [file.name for file in (path / "derived").iterdir() if file.is_dir()] == [after]


def test_a_sound_build_is_used_as_it_is(path: Path, expected: object) -> None:
    before = build_of(path).name
    with closing(LocalStore(path)) as store:
        assert results(open_view(store), *QUESTIONS) == expected
        assert store.check() == []
    assert build_of(path).name == before


def test_a_flipped_byte_in_any_file_is_noticed(path: Path) -> None:
    """Which file it is does not matter: every one of them, at several places."""
    build, chance = build_of(path), random.Random(7)
    with closing(LocalStore(path)) as store:
        manifest = store.catalog.manifest()
    assert manifest is not None
    assert len(files_of(build)) > 8
    assert derived.load_current(path / "derived", manifest) is not None
    for file in files_of(build):
        sound = file.read_bytes()
        places = {0, len(sound) - 1, *(chance.randrange(len(sound)) for _ in range(6))}
        for place in places:
            for change in (0xFF, 1 << chance.randrange(8)):
                damaged = bytearray(sound)
                damaged[place] ^= change
                file.write_bytes(damaged)
                assert derived.load_current(path / "derived", manifest) is None, (file, place)
                assert problems_of(path, manifest) != [], (file, place)
        file.write_bytes(sound)
    assert derived.load_current(path / "derived", manifest) is not None
    assert problems_of(path, manifest) == []


def test_no_byte_of_the_manifest_can_be_another(path: Path) -> None:
    """It has no checksum of its own; only white space may be other white space."""
    with closing(LocalStore(path)) as store:
        manifest = store.catalog.manifest()
    assert manifest is not None
    file = build_of(path) / "manifest.json"
    sound = file.read_bytes()
    for place, byte in enumerate(sound[:420]):
        for bit in (0, place % 8):
            damaged = bytearray(sound)
            damaged[place] ^= 1 << bit
            file.write_bytes(damaged)
            loaded = derived.load_current(path / "derived", manifest)
            assert loaded is None or chr(byte).isspace(), (place, bytes(damaged))


DAMAGES: dict[str, Callable[[Path, Path], object]] = {
    "all gone": lambda folder, _: shutil.rmtree(folder),
    "build gone": lambda _, build: shutil.rmtree(build),
    "no CURRENT": lambda folder, _: (folder / "CURRENT").unlink(),
    "CURRENT empty": lambda folder, _: (folder / "CURRENT").write_text(""),
    "CURRENT names nothing": lambda folder, _: (folder / "CURRENT").write_text("niets\n"),
    "CURRENT names the folder": lambda folder, _: (folder / "CURRENT").write_text(".\n"),
    "CURRENT is noise": lambda folder, _: (folder / "CURRENT").write_bytes(b"\xff\x00" * 9),
    "CURRENT has a NUL": lambda folder, _: (folder / "CURRENT").write_bytes(b"a\x00b"),
    "no manifest": lambda _, build: (build / "manifest.json").unlink(),
    "manifest empty": lambda _, build: (build / "manifest.json").write_text(""),
    "manifest a list": lambda _, build: (build / "manifest.json").write_text("[1]"),
    "manifest a number": lambda _, build: (build / "manifest.json").write_text("7"),
    "manifest without files": lambda _, build: (build / "manifest.json").write_text(
        json.dumps(json.loads((build / "manifest.json").read_text()) | {"files": {}})
    ),
    "manifest with odd files": lambda _, build: (build / "manifest.json").write_text(
        json.dumps(json.loads((build / "manifest.json").read_text()) | {"files": None})
    ),
    "other analysis": lambda _, build: (build / "manifest.json").write_text(
        json.dumps(json.loads((build / "manifest.json").read_text()) | {"analysis": "terms-0"})
    ),
    "vectors gone": lambda _, build: (build / "dense.faiss").unlink(),
    "vectors cut short": lambda _, build: os.truncate(build / "dense.faiss", 500),
    "vectors empty": lambda _, build: os.truncate(build / "dense.faiss", 0),
    "words gone": lambda _, build: shutil.rmtree(build / "lexical"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_made_good(path: Path, expected: object, damage: str) -> None:
    build = build_of(path)
    with closing(LocalStore(path)) as store:
        manifest = store.catalog.manifest()
    assert manifest is not None
    DAMAGES[damage](path / "derived", build)
    assert problems_of(path, manifest) != []
    assert_rebuilt(path, build.name, expected)


def test_a_first_ingest_that_ends_before_it_stores_anything_leaves_all_well(tmp_path: Path) -> None:
    with closing(LocalStore(tmp_path, create=True)) as store:
        with closing(CatalogWriter(tmp_path / "catalog.sqlite3")) as writer:
            writer.prepare_edition(Manifest("encoder", "hash", 8, "chunking"))
        assert store.catalog.manifest() is not None
        assert store.check() == []


def test_every_file_of_the_words_is_missed(made: Path, tmp_path: Path, expected: object) -> None:
    files = files_of(build_of(made) / "lexical")
    assert len(files) > 5
    for number, file in enumerate(files):  # each in a copy: a rebuild gives segments other names
        path = shutil.copytree(made, tmp_path / str(number))
        (path / file.relative_to(made)).unlink()
        assert_rebuilt(path, build_of(made).name, expected)


def test_a_stale_build_catches_up_with_the_catalog(path: Path, made: Path) -> None:
    old = shutil.copytree(made / "derived", path.parent / "old")
    fresh = path.parent / "fresh"
    changes = [*news(4, version=2), make_article("nieuw", "bericht3 over troepen.")]
    with closing(LocalStore(path)) as store:
        with store.writing("test") as writer:
            put(writer.catalog, changes)
            writer.catalog.remove(["nieuws/7", "nieuws/29"])
        kept = list(store.articles())
    shutil.rmtree(path / "derived")
    shutil.copytree(old, path / "derived")  # as after a kill before the indexes were renewed
    with closing(LocalStore(path)) as store, closing(make_store(fresh, kept)) as twin:
        found = results(open_view(store), *QUESTIONS, limit=999)
        same = results(open_view(twin), *QUESTIONS, limit=999)
        assert store.check() == []
    for one, other in zip(found[::2], same[::2], strict=True):  # dense: the very same
        assert one == other
    for one, other in zip(found[1::2], same[1::2], strict=True):
        # Words: tantivy weighs removed chunks in until it merges their segment.
        assert {identifier for identifier, _ in one} == {identifier for identifier, _ in other}
        assert dict(one) == pytest.approx(dict(other), rel=0.2)


def test_a_claim_to_be_of_another_generation_is_not_believed(path: Path, expected: object) -> None:
    build = build_of(path)
    file = build / "manifest.json"
    described = json.loads(file.read_text())
    file.write_text(json.dumps(described | {"generation": described["generation"] + 1}))
    assert_rebuilt(path, build.name, expected)


@pytest.mark.parametrize("links", [True, False])
def test_renewing_leaves_the_build_before_it_untouched(
    path: Path, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers still have the old one open; its files may be shared, never changed."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError("no hard links here")

    if not links:
        monkeypatch.setattr(os, "link", refuse)
    # Held by links of its own, the old build outlives its folder.
    build = build_of(path)
    kept = {file: path.parent / f"kept{n}" for n, file in enumerate(files_of(build))}
    contents = {}
    for file, link in kept.items():
        link.hardlink_to(file) if links else shutil.copy(file, link)
        contents[link] = file.read_bytes()
    with closing(LocalStore(path)) as reader, closing(LocalStore(path)) as store:
        old, question = open_view(reader), "sancties en overleg"
        vector, words = ENCODER.encode_question(question), question_terms(question)
        before = old.dense(vector, 90, None), old.lexical(words, 90, None)
        for version in range(2, 12):  # enough for tantivy to merge segments
            with store.writing("test") as writer:
                put(writer.catalog, news(6, version=version))
        assert {link: link.read_bytes() for link in contents} == contents
        assert before == (old.dense(vector, 90, None), old.lexical(words, 90, None))
        assert store.check() == []
        fresh = path.parent / "fresh"
        with closing(make_store(fresh, store.articles())) as twin:
            found = results(open_view(store), *QUESTIONS), results(open_view(twin), *QUESTIONS)
            indexes = store.indexes()
            assert indexes is not None
            assert indexes.lexical.count == 90
        assert found[0][::2] == found[1][::2]
    folders = [file.name for file in (path / "derived").iterdir() if file.is_dir()]
    assert folders == [build_of(path).name]


def test_leftovers_of_killed_writers_are_cleaned_away(path: Path) -> None:
    for name in ("0000000009-abcdef01.part", "0000000007-00000000"):
        shutil.copytree(build_of(path), path / "derived" / name)
    for name in ("lengths.npz.part", "lengths.npz.abcdef01.part", "CURRENT.part"):
        (path / "derived" / name).write_bytes(b"half")
    with closing(LocalStore(path)) as store, store.writing("test") as writer:
        put(writer.catalog, news(1, version=2))
    # The list of files that were found whole is no leftover.
    kept = {file.name for file in (path / "derived").iterdir()} - {"verified.json"}
    assert sorted(kept) == sorted([build_of(path).name, "CURRENT"])


def test_the_build_of_another_encoder_is_not_used(path: Path) -> None:
    before = build_of(path)
    kept = shutil.copytree(path / "derived", path.parent / "kept")
    encoder = HashEncoder(salt="anders", dimension=32)
    with closing(LocalStore(path)) as store, store.writing("test") as writer:
        reindex(writer.catalog, encoder=encoder, chunking="lines")
    shutil.rmtree(path / "derived")
    shutil.copytree(kept, path / "derived")
    with closing(LocalStore(path)) as store:
        assert store.check() == []  # so a reindex leaves it that is killed before its last step
        view = open_view(store)
        assert view.manifest.weights_hash == encoder.weights_hash
        assert build_of(path) != before
        vector = encoder.encode_question("Titel 3\nbericht3 uitgave1 regel0 over wapens.")
        number, score = view.dense(vector, 1, None)[0]
        assert view.chunks([number])[0].article.id == "nieuws/3"
        assert score == pytest.approx(1, abs=1e-2)


def test_without_a_way_to_write_the_indexes_are_made_in_memory(
    path: Path, expected: object
) -> None:
    shutil.rmtree(path / "derived")
    (path / "derived").write_text("in the way")
    with closing(LocalStore(path)) as store:
        view = open_view(store)
        assert results(view, *QUESTIONS) == expected
        assert open_view(store).fingerprint == view.fingerprint
    assert (path / "derived").read_text() == "in the way"


def test_an_empty_archive_is_searched_in_vain(tmp_path: Path) -> None:
    with closing(make_store(tmp_path, [])) as store:
        assert results(open_view(store), "troepen") == [[], []]
        with store.writing("test") as writer:
            put(writer.catalog, news(1))
        assert all(results(open_view(store), "troepen"))
        with store.writing("test") as writer:
            writer.catalog.remove(["nieuws/0"])
        assert results(open_view(store), "troepen") == [[], []]
        assert store.check() == []
