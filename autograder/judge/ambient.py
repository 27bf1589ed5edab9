"""What a test sets around a call, such as a seed or a redirected stdout, which in one process holds for both sides."""

from __future__ import annotations

import contextlib
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.protocol import messages
from autograder.protocol.codec import Decoder, Encoder
from autograder.protocol.proxies import is_class


class Ambient:
    """The settings of the running grade cell that hold for both sides.

    The test's seeds and `np.errstate` go over with each call. What the student's function prints comes back, and is
    written only where the test itself has redirected stdout; its warnings likewise count only where the test has
    changed the filters of warnings. Nothing else comes back: a student who could set the state of the test's own
    generator would choose the inputs of the next hidden test.
    """

    def __init__(self) -> None:
        self._stdout: Any = None
        self._filters: Any = None
        self._float_errors = np.geterr()
        self._seeded: dict[str, bool] = {}
        self._states: dict[str, Any] = {}

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """A grade cell runs in the body."""
        self._stdout, self._filters, self._float_errors = sys.stdout, warnings.filters, np.geterr()
        self._seeded, self._states = {}, {}
        python_seed, numpy_seed = random.seed, np.random.seed
        random.seed = self._noting("python_random", python_seed)
        np.random.seed = self._noting("numpy_random", numpy_seed)
        try:
            yield
        finally:
            random.seed, np.random.seed = python_seed, numpy_seed

    def ambient_state(self, encoder: Callable[[], Encoder]) -> messages.AmbientState | None:
        """The settings for the next call; None when the test changed none."""
        states: dict[str, Any] = {}
        for name, state in (("numpy_random", np.random.get_state), ("python_random", random.getstate)):
            if name in self._seeded:
                now = state()
                if self._seeded[name] or repr(now) != self._states[name]:
                    states[name] = encoder().encode(now)
                self._seeded[name], self._states[name] = False, repr(now)
        errors: Any = np.geterr()
        if not states and errors == self._float_errors:
            return None
        return messages.AmbientState(errors, **states)

    def take(self, side_output: messages.SideOutput, decoder: Decoder) -> None:
        """Write and warn here what the call did, as far as the test asked for it; raises what its filters raise."""
        if side_output.printed and sys.stdout is not self._stdout:
            sys.stdout.write(side_output.printed)
        if warnings.filters is self._filters:
            return
        for category, text in side_output.warned:
            kind = decoder.decode(category)
            if is_class(kind) and issubclass(kind, Warning):
                warnings.warn_explicit(text, kind, "<notebook>", 1)

    def _noting(self, name: str, seed: Callable[..., None]) -> Callable[..., None]:
        def noted(*args: Any, **kwargs: Any) -> None:
            seed(*args, **kwargs)
            self._seeded[name] = True

        return noted
