"""Values without parts: numbers, text, bytes, ranges, dates and the like."""

from __future__ import annotations

import datetime
import decimal
import fractions
import re
from collections.abc import Callable
from typing import Any

from autograder.protocol import messages

MAX_STEPS = 2_000_000
_PLAIN: dict[type, Callable[[Any], Any]] = {
    int: int.__pos__,
    float: float.__pos__,
    complex: complex.__pos__,
    str: str.__str__,
    bytes: lambda thing: bytes.__getitem__(thing, slice(None)),
}
_SINGLE = {"Ellipsis": ..., "NotImplemented": NotImplemented}
_MAX_EXPONENT = 100_000


class WireError(Exception):
    """A message that does not make sense; the sender is not to be trusted any further."""


def encode(thing: Any) -> tuple[messages.Value] | None:
    """`thing` as it travels, in a tuple, or None when it has parts."""
    for kind, plain in _PLAIN.items():
        if isinstance(thing, kind):
            return (_number_or_text(plain(thing)),)
    if isinstance(thing, (range, slice)):
        return (_steps(thing),)
    if thing is ... or thing is NotImplemented:
        return (messages.Text(repr(thing), ""),)
    if (texts := _TEXTS.get(type(thing))) is not None:
        return (messages.Text(type(thing).__name__, texts[0](thing)),)
    return None


def decode(value: messages.Raw | messages.Complex | messages.BigInteger | messages.Steps | messages.Text) -> Any:
    """The thing itself; raises WireError for what is not well formed."""
    match value:
        case messages.Raw():
            return _raw(value)
        case messages.Complex():
            return complex(value.real, value.imag)
        case messages.BigInteger():
            return _big_integer(value.digits)
        case messages.Steps():
            return _range_or_slice(value)
        case messages.Text():
            return _from_text(value)


def _number_or_text(thing: int | float | complex | str | bytes) -> messages.Value:
    if isinstance(thing, int):
        return thing if -(2**63) <= thing < 2**63 else messages.BigInteger(hex(thing))
    if isinstance(thing, complex):
        return messages.Complex(thing.real, thing.imag)
    if isinstance(thing, bytes):
        return messages.Raw(thing)
    if isinstance(thing, str) and not thing.isascii():
        try:
            thing.encode()
        except UnicodeEncodeError:
            return messages.Raw(thing.encode("utf-8", "surrogatepass"), is_text=True)
    return thing


def _steps(thing: range | slice) -> messages.Value:
    bounds = (thing.start, thing.stop, thing.step)
    if any(bound is not None and (type(bound) is not int or not -(2**63) <= bound < 2**63) for bound in bounds):
        raise WireError("a slice must have plain integer bounds of at most 64 bits")
    return messages.Steps(*bounds, isinstance(thing, slice))


def _raw(value: messages.Raw) -> str | bytes:
    try:
        return value.data.decode("utf-8", "surrogatepass") if value.is_text else value.data
    except UnicodeDecodeError:
        raise WireError("not text") from None


def _big_integer(digits: str) -> int:
    if len(digits) > 100_000:
        raise WireError("an integer of too many digits")
    try:
        return int(digits, 16)
    except ValueError:
        raise WireError("not a number") from None


def _range_or_slice(value: messages.Steps) -> range | slice:
    if value.is_slice:
        return slice(value.start, value.stop, value.step)
    if value.start is None or value.stop is None or not value.step:
        raise WireError("a range needs its bounds")
    if abs(value.stop - value.start) // abs(value.step) > MAX_STEPS:
        raise WireError("a range of too many steps")
    return range(value.start, value.stop, value.step)


def _from_text(value: messages.Text) -> Any:
    if value.kind in _SINGLE:
        return _SINGLE[value.kind]
    for kind, (_, read) in _TEXTS.items():
        if kind.__name__ == value.kind and len(value.text) <= 4000:
            try:
                return read(value.text)
            except (ValueError, ArithmeticError):
                break
    raise WireError(f"no such {value.kind[:20]}")


def _decimal(text: str) -> decimal.Decimal:
    """A few characters could mean a number whose digits fill the memory."""
    number = decimal.Decimal(text)
    if number.is_finite() and abs(number.adjusted()) > _MAX_EXPONENT:
        raise ValueError(text)
    return number


def _fraction(text: str) -> fractions.Fraction:
    if not re.fullmatch(r"-?[0-9]+(/[0-9]+)?", text):
        raise ValueError(text)
    return fractions.Fraction(text)


def _timedelta(text: str) -> datetime.timedelta:
    days, seconds, microseconds = text.split()
    return datetime.timedelta(int(days), int(seconds), int(microseconds))


_TEXTS: dict[type, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    decimal.Decimal: (str, _decimal),
    fractions.Fraction: (str, _fraction),
    datetime.datetime: (datetime.datetime.isoformat, datetime.datetime.fromisoformat),
    datetime.date: (datetime.date.isoformat, datetime.date.fromisoformat),
    datetime.time: (datetime.time.isoformat, datetime.time.fromisoformat),
    datetime.timedelta: (lambda span: f"{span.days} {span.seconds} {span.microseconds}", _timedelta),
}
