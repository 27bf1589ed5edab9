"""An object of the other side passes for a class of a library that is imported here, and for nothing else."""

from __future__ import annotations

import contextlib
import enum
import subprocess
import sys
import types
from collections.abc import Iterator, Sized
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.protocol import libraries, messages
from autograder.protocol.proxies import Proxy, ProxyCache, class_here, class_of, inherits

POLYNOMIAL = ["numpy.polynomial.polynomial:Polynomial", "numpy.polynomial._polybase:ABCPolyBase", "abc:ABC"]

_OF_NOTEBOOK = {"__module__": "__main__"}


@pytest.fixture(autouse=True)
def allowed() -> Iterator[None]:
    """What a check imported."""
    before = set(libraries._allowed)
    libraries.allow(["numpy", "enum", "abc", "collections", "subprocess", "pandas"])
    yield
    libraries._allowed.clear()
    libraries._allowed.update(before)
    libraries._stand_in.cache_clear()


class Nobody:
    """The other side, which has nothing to say."""

    def call(self, thing: Proxy, args: tuple[Any, ...], kwargs: dict[str, Any], method: str = "") -> Any:
        """No answer."""
        raise AttributeError(method)

    def attribute(self, thing: Proxy, name: str) -> Any:
        """No answer."""
        raise AttributeError(name)

    def passes_on(self, method: str, thing: Proxy, other: object = None) -> bool:
        """No operator."""
        return False


def proxy(*names: str, kind: str = "Thing", is_class: bool = False) -> Proxy:
    """What stands here for an object that says it is of the classes with these names."""
    return ProxyCache(Nobody()).borrow(messages.Remote(0, kind, kind, is_class=is_class, lineage=list(names)))


def test_the_names_of_a_librarys_class_are_those_of_all_that_it_inherits_from() -> None:
    """So the other side finds the nearest that it has; one of the notebook's counts where a locked cell gave it."""
    assert libraries.lineage(np.polynomial.Polynomial([1])) == POLYNOMIAL
    own: Any = types.new_class("Own", (np.polynomial.Polynomial,), exec_body=lambda names: names.update(_OF_NOTEBOOK))
    assert libraries.lineage(own([1])) == ["__main__:Own", *POLYNOMIAL]
    assert libraries.lineage(type("Plain", (), {})()) == []


def test_a_proxy_passes_for_the_class_of_that_name() -> None:
    """In `isinstance`, and in what stands for `type`."""
    thing = proxy(*POLYNOMIAL)
    assert isinstance(thing, np.polynomial.Polynomial) and not isinstance(thing, np.poly1d)
    assert class_of(thing) is np.polynomial.Polynomial
    assert class_here(proxy(*POLYNOMIAL, is_class=True)) is np.polynomial.Polynomial


def test_a_class_of_the_notebooks_own_passes_for_what_it_inherits_from() -> None:
    """From several, if need be."""
    thing = proxy("", "enum:Flag", "numpy:poly1d")
    assert isinstance(thing, enum.Flag)  # no class can inherit from both, so the first counts
    thing = proxy("", *POLYNOMIAL[:1], "collections.abc:Sized")
    assert isinstance(thing, np.polynomial.Polynomial) and isinstance(thing, Sized)
    own = proxy("", "enum:Enum", is_class=True)
    assert inherits(own, enum.Enum) and not inherits(own, np.poly1d)


@pytest.mark.parametrize(
    "name",
    [
        *("subprocess:Popen", "builtins:int", "builtins:list", "numpy:ndarray", "numpy:float64", "datetime:date"),
        *("pandas:DataFrame", "pandas.core.frame:DataFrame", "autograder.protocol.proxies:Proxy", "os:PathLike"),
        *("numpy.lib._npyio_impl:DataSource", "__main__:Thing", "msgspec:Struct", "", ":", "numpy:", "enum:Enum.x"),
    ],
)
def test_a_proxy_passes_for_nothing_that_could_do_harm_or_is_data(name: str) -> None:
    """Neither for a class whose objects cross as data, nor for one of a package that no check imported."""
    thing = proxy(name)
    assert thing.__class__ is type(thing)
    assert libraries.find(name) is None


def test_what_a_proxy_passes_for_cannot_be_called() -> None:
    """A library that makes another object of the same class would make it here, of what the other side chose."""
    with pytest.raises(TypeError, match="notebook's own code"):
        kind: Any = proxy(*POLYNOMIAL).__class__
        kind([1, 2])


def test_a_name_brings_no_import() -> None:
    """What is not imported is not found, and stays so."""
    libraries.allow(["tinycss2"])
    for name in [name for name in sys.modules if name.startswith("tinycss2")]:
        del sys.modules[name]
    assert libraries.find("tinycss2.ast:Node") is None
    assert "tinycss2" not in sys.modules


@given(st.lists(st.text(max_size=30) | st.sampled_from([*POLYNOMIAL, "enum:Enum", "abc:ABC"]), max_size=40), st.text())
def test_forged_names_make_a_proxy_that_is_usable_or_none(names: list[str], kind: str) -> None:
    """`isinstance` never raises."""
    thing = proxy(*names, kind=kind)
    assert isinstance(thing, np.polynomial.Polynomial) in (True, False)
    assert not isinstance(thing, (int, str, list, np.ndarray, subprocess.Popen))
    with contextlib.suppress(AttributeError):
        class_of(thing)
    msgspec.json.encode(libraries.lineage(thing))


def test_an_object_passes_for_a_class_that_a_locked_cell_gave_and_for_no_other() -> None:
    """Not for one that only has its name elsewhere, is data, or is no class at all."""

    class Token: ...

    Token.__module__, Token.__qualname__ = "__main__", "Token"
    number = type("Number", (int,), {"__module__": "__main__"})
    locked = {"Token": Token, "Other": Token, "Number": number, "text": "Token", "Path": Path}
    before = libraries.set_own(locked.get)
    try:
        assert isinstance(proxy("__main__:Token"), Token)
        assert isinstance(proxy("__main__:Unknown", "__main__:Token"), Token)
        for name in ("Other", "Number", "text", "Path", "Token.inner", "", "__class__"):
            assert not isinstance(proxy(f"__main__:{name}"), (Token, int, str, Path))
        make: Any = enum.Enum
        colour = make("Colour", "RED GREEN", module="__main__")
        locked["Colour"] = colour
        assert libraries.member(["__main__:Colour"], "RED") is colour.RED
        assert libraries.name_of_member(libraries.member(["__main__:Colour"], "GREEN")) == "GREEN"
        for names, name in ((["__main__:Colour"], "_member_map_"), (["__main__:Token"], "RED"), ([], "RED")):
            assert libraries.member(names, name) is None
    finally:
        libraries.set_own(before)
    assert not isinstance(proxy("__main__:Token"), Token) and libraries.member(["__main__:Colour"], "RED") is None
