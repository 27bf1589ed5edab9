"""What an answer does on inputs that no check asks for, in this process: to see whether what is said of it is true."""

from __future__ import annotations

import copy
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from answers.lstm.reference import Cell
from autograder.judge.explain import agree
from autograder.judge.recording import Effect
from autograder.timeouts import Alarm, Overdue
from tests.conftest import CATALOGUES
from tests.quality.killing import given
from tests.quality.mutants import Answer

_INPUTS = 120
_SECONDS = 1
_SHAPES = [(4,), (3, 1), (1, 3), (2, 3), (1,), (2, 2, 2)]


@dataclass(frozen=True)
class Input:
    """The arguments of one call, and the names that are in force during it."""

    arguments: tuple[Any, ...]
    names: Mapping[str, Any]


def does_the_same(one: Answer, other: Answer) -> bool:
    """Whether two answers to the same question agree on many inputs."""
    return all(map(agree, effects(one), effects(other)))


@cache
def effects(answer: Answer) -> list[Effect]:
    """What an answer does on each input; nothing more once a call does not end."""
    inputs = _inputs(answer.assignment, answer.function)
    code, alarm, done = compile(answer.source, "<answer>", "exec", dont_inherit=True), Alarm(), list[Effect]()
    with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
        for each in inputs:
            names = CATALOGUES[answer.assignment].environment(given(answer.assignment), each.names)
            arguments = copy.deepcopy(each.arguments)
            value, error = None, ""
            try:
                with alarm.set_for(time.monotonic() + _SECONDS), alarm.exposed():
                    exec(code, names)
                    value = names[answer.function](*arguments)
            except Overdue:
                return done + [Effect(None, [], "too late")] * (len(inputs) - len(done))
            except Exception as raised:
                error = type(raised).__name__
            done.append(Effect(value, [each for each in arguments if isinstance(each, list | np.ndarray)], error))
    return done


@cache
def _inputs(assignment: str, function: str) -> list[Input]:
    random = np.random.default_rng(2024)
    return list(_MAKERS[assignment](function, random))


def _of_feedforward(function: str, random: np.random.Generator) -> Iterator[Input]:
    for number in range(_INPUTS):
        inputs, hidden, outputs = random.integers(1, 5, size=3).tolist()
        shape = _SHAPES[number % len(_SHAPES)]
        w, v = random.normal(size=(hidden, inputs + 1)), random.normal(size=(outputs, hidden + 1))
        match function:
            case "forward":
                yield Input((random.normal(size=(inputs, 1) if number % 2 else inputs), w, v), {})
            case "calc_o1":
                yield Input((random.uniform(0, 2, size=hidden), v), {})
            case "softmax_with_temp":
                scores = random.normal(scale=900 if number % 5 == 0 else 2, size=[(4,), (3, 1), (2,)][number % 3])
                yield Input((scores, float(random.choice([0, 0.3, 1, 3.5, -2]))), {})
            case _:
                whole = number % 3 == 0
                yield Input((random.integers(-4, 5, size=shape) if whole else random.normal(size=shape),), {})


def _of_lstm(function: str, random: np.random.Generator) -> Iterator[Input]:
    for number in range(_INPUTS):
        weights = random.integers(-4, 5, size=12) if number % 2 else random.normal(scale=2.5, size=12)
        cell = Cell(*weights.tolist())
        gates = ("forget_gate", "input_gate", "output_gate", "memory_cell", "hidden_state")
        names = {**vars(cell), **{name: getattr(cell, name) for name in gates if name != function}}
        c = float(random.choice([0, 1, -1, 2, 0.3, -2.5, 4]))
        h, x = int(random.integers(-1, 2)), float(random.choice([-2, -1, 0, 0.5, 1, 2]))
        match function:
            case "sigmoid":
                yield Input(
                    (float(random.choice([0, random.normal(), 5 * random.normal(), 50 * random.normal()])),), {}
                )
            case "memory_cell" | "hidden_state":
                yield Input((c, h, x), names)
            case "rnn":
                yield Input((random.integers(-1, 2, size=number % 12).tolist(),), names)
            case _:
                yield Input((h, x), names)


def _of_backprop(_: str, random: np.random.Generator) -> Iterator[Input]:
    for number in range(_INPUTS):
        x, y, w_1, w_2, b = random.normal(scale=1.5, size=5).tolist()
        yield Input((x, y, 0.0 if number % 8 == 0 else w_1, w_2, b), {})


_MAKERS: Mapping[str, Callable[[str, np.random.Generator], Iterator[Input]]] = {
    "feedforward": _of_feedforward,
    "lstm": _of_lstm,
    "backprop": _of_backprop,
}
