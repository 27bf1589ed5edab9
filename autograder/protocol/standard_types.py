"""Types of the standard library whose things are data: paths, time zones, regular expressions and the like."""

from __future__ import annotations

import datetime
import pathlib
import re
import types
import uuid
import zoneinfo
from collections.abc import Callable
from typing import Any

from autograder.protocol.composites import Kind

_LONGEST_TEXT = 4000
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,3}")
_PATHS = (pathlib.PosixPath, pathlib.PurePosixPath, pathlib.PureWindowsPath)


def _text(thing: object) -> str:
    """`thing`, which must be a text of usual length; raises TypeError or ValueError."""
    if type(thing) is not str:
        raise TypeError("not a text")
    if len(thing) > _LONGEST_TEXT:
        raise ValueError("too long")
    return thing


def _path(kind: type[pathlib.PurePath]) -> Callable[[Any], pathlib.PurePath]:
    return lambda text: kind(_text(text))


def _zone(name: Any) -> zoneinfo.ZoneInfo:
    if len(_text(name)) > 60 or not _ZONE.fullmatch(name):
        raise ValueError("no such time zone")
    return zoneinfo.ZoneInfo(name)


def _pattern(text: Any, flags: Any) -> re.Pattern[Any]:
    if type(flags) is not int or len(text) > _LONGEST_TEXT or flags & re.DEBUG:
        raise ValueError("no such pattern")
    return re.compile(text, flags)


def _offset(seconds: Any, name: Any) -> datetime.timezone:
    offset = datetime.timedelta(seconds=seconds)
    return datetime.timezone(offset) if name is None else datetime.timezone(offset, _text(name))


def _parts_of_offset(zone: datetime.timezone) -> tuple[float, str | None]:
    name, offset = zone.tzname(None), zone.utcoffset(None)
    return offset.total_seconds(), None if name == datetime.timezone(offset).tzname(None) else name


def _bytearray(content: Any) -> bytearray:
    if type(content) is not bytes:  # of a number it would make as many bytes
        raise TypeError("no bytes")
    return bytearray(content)


def _set_bytes(mine: bytearray, theirs: bytearray) -> None:
    mine[:] = theirs


def _set_attributes(mine: types.SimpleNamespace, theirs: types.SimpleNamespace) -> None:
    vars(mine).clear()
    vars(mine).update(vars(theirs))


def _namespace(names: Any, *values: Any) -> types.SimpleNamespace:
    return types.SimpleNamespace(**dict(zip(names, values, strict=True)))


KINDS = (
    *(Kind(f"pathlib.{kind.__name__}", (kind,), lambda path: [str(path)], _path(kind)) for kind in _PATHS),
    Kind("uuid.UUID", (uuid.UUID,), lambda thing: [thing.hex], lambda digits: uuid.UUID(hex=_text(digits))),
    Kind("re.Pattern", (re.Pattern,), lambda thing: [thing.pattern, thing.flags], _pattern),
    Kind("datetime.timezone", (datetime.timezone,), _parts_of_offset, _offset),
    Kind("zoneinfo.ZoneInfo", (zoneinfo.ZoneInfo,), lambda zone: [zone.key], _zone),
    Kind("builtins.bytearray", (bytearray,), lambda thing: [bytes(thing)], _bytearray, _set_bytes),
    Kind(
        "types.SimpleNamespace",
        (types.SimpleNamespace,),
        lambda thing: [list(vars(thing)), *vars(thing).values()],
        _namespace,
        _set_attributes,
    ),
)
