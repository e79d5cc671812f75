"""A TOML document and the environment become the dataclasses; what does not fit is told with its key's path."""

from __future__ import annotations

import dataclasses
import difflib
import json
import os
import tomllib
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.settings.checks import checked
from bot.settings.problem import SettingsError
from bot.settings.whole import Settings

ENVIRONMENT_PREFIX = "HELPDESK__"


def load(path: Path | None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the file (None: defaults only) and the environment. Raises SettingsError."""
    document: dict[str, Any] = {}
    if path is not None:
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise SettingsError(f"{path}: no such file; give the configuration with -c FILE") from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path}: cannot be read: {error}") from None
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{path}: is not valid TOML: {error}") from None
    _override(document, environment)
    settings = _build(Settings, document, "")
    return checked(settings, (path or Path()).parent)


def _override(document: dict[str, Any], environment: Mapping[str, str]) -> None:
    for variable, text in environment.items():
        if not variable.startswith(ENVIRONMENT_PREFIX):
            continue
        *tables, key = variable.removeprefix(ENVIRONMENT_PREFIX).lower().split("__")
        table = document
        for name in tables:
            table = table.setdefault(name, {})
            if not isinstance(table, dict):
                raise SettingsError(f"{variable}: {name} is not a table")
        table[key] = _Text(text)


class _Text(str):
    """A value from the environment: text that stands for whatever the key wants."""

    __slots__ = ()


def _build(kind: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _build_table(kind, value, where)
    origin = typing.get_origin(kind)
    if origin is tuple:
        (item, _) = typing.get_args(kind)
        if isinstance(value, _Text):
            value = [_Text(part.strip()) for part in value.split(",") if part.strip()]
        if not isinstance(value, list):
            raise SettingsError(f"{where}: wants a list")
        return tuple(_build(item, entry, f"{where}[{index}]") for index, entry in enumerate(value))
    if origin is types.UnionType:
        if isinstance(value, _Text) and value.startswith("{"):
            return json.loads(value)
        if isinstance(value, (str, dict)):
            return value
        raise SettingsError(f"{where}: wants text or a table")
    return _build_scalar(kind, value, where)


def _build_table(kind: type[Any], value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise SettingsError(f"{where or 'the file'}: wants a table")
    hints = typing.get_type_hints(kind)
    arguments = {}
    for key, entry in value.items():
        path = f"{where}.{key}" if where else key
        if key not in hints:
            near = difflib.get_close_matches(key, hints, 1)
            raise SettingsError(f"{path}: unknown key" + (f"; did you mean {near[0]}?" if near else ""))
        arguments[key] = _build(hints[key], entry, path)
    return kind(**arguments)


def _build_scalar(kind: Any, value: Any, where: str) -> Any:
    if kind is str and isinstance(value, dict) and set(value) == {"file"}:
        try:
            return Path(value["file"]).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(f"{where}: {value['file']} cannot be read: {error.strerror}") from None
    if isinstance(value, _Text):
        return _from_text(kind, value, where)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not kind:
        names = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
        raise SettingsError(f"{where}: wants {names.get(kind, kind)}, not {value!r}")
    return value


def _from_text(kind: Any, value: str, where: str) -> Any:
    try:
        if kind is bool:
            return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[value.lower()]
        return kind(str(value))
    except (KeyError, ValueError):
        raise SettingsError(f"{where}: {value!r} in the environment does not fit") from None
