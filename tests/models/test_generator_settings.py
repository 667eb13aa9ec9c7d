"""What may be set of a language model, and the words in which its failures are told."""

from __future__ import annotations

import pytest

from qa.errors import SettingsError
from qa.models.generator import FailureKind, GenerationError, GeneratorSettings

KEY = "sk-geheim-3141592653"
URL = "DATELINE_GENERATOR"
LOCAL = "http://localhost/v1"


def test_settings_come_from_flags_before_the_environment(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    file = tmp_path_factory.mktemp("keys") / "key"
    file.write_text(f"{KEY}\n", encoding="ascii")
    given = {
        "DATELINE_GENERATOR": "http://localhost:1234/v1",
        "DATELINE_GENERATOR_MODEL": "gemma",
        "DATELINE_GENERATOR_KEY_FILE": str(file),
        "DATELINE_GENERATOR_TIMEOUT": "90",
    }
    assert GeneratorSettings.from_environment(environment=given) == GeneratorSettings(
        "http://localhost:1234/v1", model="gemma", key=KEY, timeout=90
    )
    assert GeneratorSettings.from_environment(
        "https://model.example/api/v1/",
        model="qwen",
        timeout=5,
        parallel=2,
        sources=["NRC"],
        environment=given,
    ) == GeneratorSettings(
        "https://model.example/api/v1", "qwen", KEY, 5, parallel=2, sources=("NRC",)
    )
    assert GeneratorSettings.from_environment(environment={}) is None
    assert GeneratorSettings.from_environment(environment={"DATELINE_GENERATOR_MODEL": "x"}) is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({URL: "localhost:11434/v1"}, "begin with http"),
        ({URL: "ftp://localhost/v1"}, "begin with http"),
        ({URL: "http://localhost:11434"}, "does not end in /v1"),
        ({URL: "http://localhost:11434/v1/chat/completions"}, "does not end in"),
        ({URL: "http://localhost:port/v1"}, "cannot be read"),
        ({URL: "http://[::1/v1"}, "cannot be read"),
        ({URL: "http:///v1"}, "names no host"),
        ({URL: "http://exämple.nl/v1"}, "plain letters"),
        ({URL: "http://0.0.0.0:11434/v1"}, "no address that can be called"),
        ({URL: "http://localhost:0/v1"}, "port 0"),
        ({URL: f"https://me:{KEY}@model.example/v1"}, "a password"),
        ({URL: f"https://model.example/v1?key={KEY}"}, "or a blank"),
        ({URL: LOCAL, f"{URL}_TIMEOUT": "x"}, "TIMEOUT"),
        ({URL: LOCAL, f"{URL}_TIMEOUT": "0"}, "1–3600"),
        ({URL: LOCAL, f"{URL}_TIMEOUT": "nan"}, "nan"),
        ({URL: LOCAL, f"{URL}_MODEL": "\x1b"}, "control"),
        ({URL: "http://model.example/v1", f"{URL}_KEY": KEY}, "plain http"),
        ({URL: LOCAL, f"{URL}_KEY": f"{KEY}\r\nX: y"},
         "no key has"),
        ({URL: LOCAL, f"{URL}_KEY_FILE": "/nowhere/k"},
         "cannot read the language model's key from /nowhere/k"),
        ({URL: LOCAL, f"{URL}_KEY_FILE": "/nowhere/k",
          f"{URL}_KEY": KEY}, "both set"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_used_are_refused(given: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        GeneratorSettings.from_environment(environment=given)
    assert KEY not in str(caught.value)


def test_flags_without_an_address_are_refused() -> None:
    given = (
        {"model": "gemma"},
        {"timeout": 0.0},
        {"parallel": 0},
        {"sources": ["NRC"]},
        {"url": ""},
    )
    for flags in given:
        with pytest.raises(SettingsError, match="no language model is set"):
            GeneratorSettings.from_environment(environment={}, **flags)


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("localhost:11434", True),
        ("LOCALHOST", True),
        ("127.0.0.1", True),
        ("127.8.9.1:80", True),
        ("[::1]:8080", True),
        ("[::ffff:127.0.0.1]", True),
        ("192.168.1.4:11434", False),
        ("localhost.example", False),
        ("mijn.localhost", False),
        ("127.0.0.1.example", False),
        ("2130706433", False),
    ],
)
def test_only_loopback_is_this_machine(host: str, is_local: bool) -> None:
    settings = GeneratorSettings(f"http://{host}/v1")
    assert settings.is_local is is_local
    assert settings.host == host.lower()
    if not is_local:
        with pytest.raises(SettingsError, match="plain http"):
            GeneratorSettings(f"http://{host}/v1", key=KEY)


# Words


@pytest.mark.parametrize("kind", FailureKind)
@pytest.mark.parametrize("model", ["", "gemma"])
@pytest.mark.parametrize("models", [(), ("a", "b")])
def test_every_failure_has_its_sentence(
    kind: FailureKind, model: str, models: tuple[str, ...]
) -> None:
    error = GenerationError(kind, "localhost:1", model=model, models=models, status=400)
    for language in ("nl", "en"):
        said = error.sentence(language)
        assert "localhost:1" in said
        assert said.endswith("." if kind is FailureKind.NO_SUCH_MODEL else ". (HTTP 400)")
        assert said[0].isupper() or said.startswith("gemma")
        assert not any(mark in said for mark in "{}")


def test_names_of_models_are_shown_harmlessly_and_in_part() -> None:
    names = ["\x1b[31m" + "x" * 500, *map(str, range(40))]
    said = GenerationError(FailureKind.NO_SUCH_MODEL, "h", models=names).sentence("nl")
    assert "\x1b" not in said
    assert "en nog 29" in said
    assert len(said) < 400
