"""A stand-in answers no comparison, and passes on no operator that meets a value of this side."""

from __future__ import annotations

import contextlib
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.protocol import messages
from autograder.protocol.proxies import _METHODS, Proxy, ProxyCache

EVERY_METHOD = [*_METHODS, "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__", "__array__"]


class Yes:
    """The other side, agreeing with everything; it keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def call(self, thing: Proxy, args: tuple[Any, ...], kwargs: dict[str, Any], method: str = "") -> Any:
        """Anything, when called."""
        self.asked.append(method)
        return 1

    def passes_on(self, method: str, thing: Proxy, other: object = None) -> bool:
        """No operator."""
        return False

    def attribute(self, thing: Proxy, name: str) -> Any:
        """A method that says yes."""
        self.asked.append(name)
        return lambda *_: True


@pytest.fixture
def other() -> Yes:
    """The other side."""
    return Yes()


@pytest.fixture(params=[EVERY_METHOD, [name for name in EVERY_METHOD if name not in ("__len__", "__getitem__")]])
def thing(other: Yes, request: pytest.FixtureRequest) -> Any:
    """An object that claims to have every special method there is, or all that no sequence has."""
    return ProxyCache(other).borrow(messages.Remote(0, "Thing", methods=request.param))


COMPARISONS = [operator.eq, operator.lt, operator.le, operator.gt, operator.ge]
ARITHMETIC = [operator.add, operator.sub, operator.mul, operator.matmul, operator.truediv, operator.pow, operator.xor]


@pytest.mark.parametrize("value", [3, 2.5, "x", None, [1], np.ones(2), np.float64(1)])
@pytest.mark.parametrize("compare", COMPARISONS)
def test_no_comparison_is_asked_of_the_other_side(
    other: Yes, thing: Any, compare: Callable[[Any, Any], Any], value: Any
) -> None:
    """False, or an error, on either side of the operator."""
    for pair in ((thing, value), (value, thing)):
        with contextlib.suppress(TypeError):
            assert not np.any(compare(*pair))
    assert not set(other.asked) & {"__eq__", "__lt__", "__le__", "__gt__", "__ge__", "__ne__"}


@pytest.mark.parametrize("value", [3, 2.5, np.float64(1)])
@pytest.mark.parametrize("operate", ARITHMETIC)
def test_no_arithmetic_with_a_value_of_this_side_is_passed_on(
    other: Yes, thing: Any, operate: Callable[[Any, Any], Any], value: Any
) -> None:
    """`result - expected` is an error, not what the other side makes of it."""
    with pytest.raises(TypeError):
        operate(thing, value)
    with pytest.raises(TypeError):
        operate(value, thing)


@pytest.mark.parametrize(
    "check",
    [
        lambda thing: np.testing.assert_allclose(thing, 3),
        lambda thing: np.testing.assert_array_equal(thing, [3]),
        lambda thing: np.testing.assert_equal(thing, 3),
        lambda thing: np.testing.assert_almost_equal(thing, 3),
        lambda thing: operator.truth(np.isclose(thing, 3)) or pytest.fail("not close"),
        lambda thing: operator.truth(np.array_equal(thing, 3)) or pytest.fail("not equal"),
        lambda thing: operator.truth(thing in (3, 4)) or pytest.fail("not in"),
    ],
)
def test_no_assertion_of_numpys_is_won_by_agreeing(thing: Any, check: Callable[[Any], object]) -> None:
    """Each of them fails, whatever the object says of itself."""
    with pytest.raises((AssertionError, TypeError, ValueError, pytest.fail.Exception)):
        check(thing)


def test_a_method_called_by_its_name_is_a_call(other: Yes, thing: Any) -> None:
    """Whoever writes it out asks for the other side's word."""
    assert thing.__eq__(3) is True
    assert other.asked == ["__eq__"]


def test_the_same_thing_is_the_same_proxy_until_it_is_forgotten(other: Yes) -> None:
    """Identity is what equality goes by."""
    proxy_cache = ProxyCache(other)
    first, again = (proxy_cache.borrow(messages.Remote(4, "Thing")) for _ in range(2))
    assert first is again and proxy_cache.export_number(first) == 4
    proxy_cache.forget()
    assert proxy_cache.export_number(first) is None
