"""Options that are kept in a file, for those who would give the same ones each time.

The command line counts before the environment, and the environment before the file.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from qa.cli.label_language import VARIABLE, checked_language
from qa.errors import SettingsError
from qa.settings import AnswerSettings, chosen_index

Value = str | float
_PLACE = "DATELINE_CONFIG"


@dataclass(frozen=True, slots=True)
class KeptOption:
    """An option that can be kept: its variable, and what refuses a value that cannot be used.

    An option without a variable counts for `dateline ask`.
    """

    variable: str | None
    check: Callable[[Value], object]


def _whole_path(value: Value) -> None:
    if not isinstance(value, str) or not Path(value).expanduser().is_absolute():
        raise SettingsError("give the whole path of a folder, from / or ~")


def _index(value: Value) -> None:
    chosen_index(_text(value))


def _text(value: Value) -> str:
    if not isinstance(value, str) or not value.strip():
        raise SettingsError("give a text between quotation marks")
    return value


def _address(value: Value) -> None:
    if not re.match(r"https?://[^/]", _text(value)):
        raise SettingsError("give an address, such as http://127.0.0.1:11434/v1")


def _seconds(value: Value) -> None:
    if isinstance(value, str) or not value > 0:
        raise SettingsError("give a number of seconds above 0")


def _threshold(value: Value) -> None:
    if isinstance(value, str):
        raise SettingsError("give a number from 0 to 1")
    AnswerSettings(threshold=value)


OPTIONS: Mapping[str, KeptOption] = MappingProxyType(
    {
        "store": KeptOption("DATELINE_STORE", _whole_path),
        "index": KeptOption("DATELINE_INDEX", _index),
        "labels": KeptOption(VARIABLE, checked_language),
        "threshold": KeptOption(None, _threshold),
        "generator": KeptOption("DATELINE_GENERATOR", _address),
        "generator_model": KeptOption("DATELINE_GENERATOR_MODEL", _text),
        "generator_timeout": KeptOption("DATELINE_GENERATOR_TIMEOUT", _seconds),
    }
)
"""The options that can be kept, by their names in the file."""


def kept_path() -> Path:
    """Return the file of kept options: DATELINE_CONFIG, or one in the user's settings folder."""
    named = os.environ.get(_PLACE)
    if named:
        return Path(named).expanduser()
    import platformdirs

    return platformdirs.user_config_path("dateline", appauthor=False) / "config.toml"


def read_kept(path: Path) -> dict[str, Value]:
    """Return the kept options; a file that is not there keeps none.

    Raises:
        SettingsError: the file cannot be read, or an option or value is unknown; the message names
            the file, the line and the remedy.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise SettingsError(f"{path} cannot be read ({reason}); mend or remove it") from error
    try:
        given = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path} is no TOML: {error}; mend that line") from error
    for name, value in given.items():
        try:
            check_kept(name, value)
        except SettingsError as error:
            raise SettingsError(f"{path}, line {_line(text, name)}: {error}") from error
    return given


def check_kept(name: str, value: object) -> None:
    """Refuse what cannot be kept.

    Raises:
        SettingsError: no such option is kept, or the value cannot be used.
    """
    if name not in OPTIONS:
        raise SettingsError(f"no option {name!r} is kept; known are {', '.join(OPTIONS)}")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise SettingsError(f"{name} is neither a text nor a number")
    try:
        OPTIONS[name].check(value)
    except SettingsError as error:
        raise SettingsError(f"{name} is {value!r}: {error}") from error


def write_kept(path: Path, name: str, value: Value | None) -> None:
    """Keep an option, or forget it (`None`); other lines and comments of the file stay.

    Raises:
        SettingsError: the file or the value cannot be used.
        ExportError: the file cannot be written.
    """
    import tomlkit

    from qa.exports.whole_file import whole_file

    read_kept(path)  # what cannot be read is not written over
    if value is not None:
        check_kept(name, value)
    document = tomlkit.parse(path.read_bytes().decode("utf-8") if path.exists() else "")
    if value is None:
        document.pop(name, None)
    else:
        document[name] = value
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as file:
        file.write(tomlkit.dumps(document))


@contextmanager
def kept_in_environment(kept: Mapping[str, Value]) -> Iterator[None]:
    """Let variables that are not set say what is kept, until the block ends.

    So it counts wherever a command reads them, and in processes that it starts.
    """
    given = {
        option.variable: str(kept[name])
        for name, option in OPTIONS.items()
        if name in kept and option.variable and not os.environ.get(option.variable)
    }
    before = {variable: os.environ.get(variable) for variable in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for variable, value in before.items():
            os.environ.pop(variable, None)
            if value is not None:
                os.environ[variable] = value


def _line(text: str, name: str) -> int:
    """Return the line that begins with a name, else the first."""
    pattern = re.compile(rf"\s*\[*\s*[\"']?{re.escape(name)}\b")
    numbers = (at for at, line in enumerate(text.splitlines(), 1) if pattern.match(line))
    return next(numbers, 1)
