"""Named tuples of the other side: tuples whose fields have names, made without running what the names say."""

from __future__ import annotations

import operator
from typing import Any

from autograder.wire.atoms import WireError
from autograder.wire.proxies import Proxy, is_class, remote_of

_MAX_FIELDS = 1000


class Record(tuple[Any, ...]):
    """A tuple with named fields, as `collections.namedtuple` makes them."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=False))
        return f"{type(self).__name__}({values})"

    def _asdict(self) -> dict[str, Any]:
        """The values by field."""
        return dict(zip(self._fields, self, strict=False))

    def _replace(self, **changes: Any) -> Record:
        """The same with other values."""
        if unknown := changes.keys() - set(self._fields):
            raise ValueError(f"Got unexpected field names: {sorted(unknown)!r}")
        return type(self)((self._asdict() | changes).values())


def record_type(kind: Any, fields: list[str]) -> Any:
    """What makes such a tuple from its values; `kind` is its class, a proxy unless it is one of this side's own."""
    if is_class(kind) and issubclass(kind, tuple) and getattr(kind, "_fields", None) == tuple(fields):
        return kind._make  # type: ignore[attr-defined]
    if len(fields) > _MAX_FIELDS or not all(name.isidentifier() and name[0] != "_" for name in fields):
        raise WireError("no such field")
    name = (remote_of(kind).name if isinstance(kind, Proxy) else None) or "Record"
    getters = {field: property(operator.itemgetter(place)) for place, field in enumerate(fields)}
    names = {"__slots__": (), "_fields": tuple(fields), "_kind": kind, **getters}
    return type(name if name.isidentifier() else "Record", (Record,), names)
