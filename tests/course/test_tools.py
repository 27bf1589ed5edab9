"""The tools of the shown checks: `source/checks.py`, and its copy in each notebook."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import linecache
import re
from pathlib import Path
from types import ModuleType

import IPython
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

from autograder.build import build
from tests.conftest import ASSIGNMENTS, REPOSITORY


@pytest.fixture
def tools() -> ModuleType:
    """The module."""
    return _load()


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools", REPOSITORY / "source" / "checks.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("right", [2, 2.0, np.float32(2), np.array(2), np.array([2]), [[2]], 2 + 1e-9])
def test_a_right_number_passes_in_whatever_form(tools: ModuleType, right: object) -> None:
    """As a number, an array of one item, and within the precision of single floats."""
    tools.check_value("f(1)", right, 2)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (
            None,
            "f(1) returned None. With these arguments, Python does not reach a `return`, or the `return` has no value. "
            "(`print` only shows a value.)",
        ),
        ("two", "f(1) should contain only numbers, but it is 'two', of type str."),
        (len, "f(1) returned a function. To call a function, write brackets with its arguments after its name."),
        (
            (1, [2, 3]),
            "f(1) should be one array of numbers, but it is a tuple whose parts have different shapes. "
            "A loop over a column or a table gives you its rows, not its numbers.",
        ),
        (
            [np.array([1, 2]), 1],
            "f(1) should be one array of numbers, but it is a list whose parts have different shapes. "
            "Square brackets put an array and a number side by side; `np.append` joins them.",
        ),
        ([1, 2, 3], "f(1) is a row of 3 numbers, but a row of 2 numbers is expected."),
        (7, "f(1) is a single number, but a row of 2 numbers is expected."),
        (
            [[1], [2]],
            "The numbers are right, but the shape is not: "
            "f(1) is a column of 2 numbers (shape (2, 1)), but a row of 2 numbers is expected.",
        ),
        ([1, 3], "f(1) gives [1, 3], but it should be [1, 2]."),
        ([-1, -2], "f(1) gives [-1, -2], but it should be [1, 2]. Every sign is wrong."),
        ([2, 1], "f(1) gives [2, 1], but it should be [1, 2]. The numbers are right, but their order is not."),
        ([2, 4], "f(1) gives [2, 4], but it should be [1, 2]. The result is twice as large as it should be."),
        (
            [True, False],
            "f(1) gives [1, 0], but it should be [1, 2]. The result consists of True (1) and False (0), "
            "as a comparison gives them.",
        ),
        (
            [1.0002, 2.0003],
            "f(1) gives [1.0002, 2.0003], but it should be [1, 2]. The result is close, but not exact: "
            "is a number, such as e, rounded too early?",
        ),
        ([0.5, 1], "f(1) gives [0.5, 1], but it should be [1, 2]. The result is half as large as it should be."),
    ],
)
def test_a_wrong_answer_gets_a_sentence(tools: ModuleType, answer: object, sentence: str) -> None:
    """And no traceback in Jupyter."""
    with pytest.raises(tools.Hint) as raised:
        tools.check_value("f(1)", answer, [1, 2], "Look again.")
    assert str(raised.value) == sentence
    assert "\n".join(raised.value._render_traceback_()).replace("\n", " ") == f"Not yet: {sentence}"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (1, "returned a single value, but it should return 2 values, in this order: a, b."),
        ((1,), "returned 1 value, but it should return 2 values, in this order: a, b."),
        ((1, 2, 3), "returned 3 values, but it should return 2 values, in this order: a, b."),
        (None, "returned None"),
        ({"a": 1, "b": 2}, "returned a dict. Return the values themselves, in this order: a, b."),
        ((2, 1), "returned the right values in another order. The order should be: a, b."),
        ((1, 3), "b of f(1) gives 3, but it should be 2."),
    ],
)
def test_an_answer_with_other_parts_gets_a_sentence(tools: ModuleType, answer: object, words: str) -> None:
    """It names what is expected, in order."""
    with pytest.raises(tools.Hint) as raised:
        tools.check_parts("f(1)", answer, a=1, b=2)
    assert words in str(raised.value)
    tools.check_parts("f(1)", (1, 2), a=1, b=2)


_FAILURES = [
    ("def f(z):\n    if z < 0:\n        return 0", "line 2 of `f`, `if z < 0:`", "need a single True or False"),
    ("def f(z):\n    return np.ones((4, 3)) @ z", "`return np.ones((4, 3)) @ z`", "the sizes 3 and 2 do not fit"),
    ("def f(z):\n    return np.dot(z, np.ones((4, 2)))", "np.dot", "cannot multiply shapes (2,) and (4,2)"),
    ("def f(z):\n    return np.ones((4, 3)) * z", "", "shapes (4,3) and (2,) cannot be combined element by element"),
    ("def f(z):\n    return exp(z)", "", "it belongs to numpy, so write `np.exp`"),
    ("weight_1 = 3\ndef f(z):\n    return wieght_1 * z", "", "Do you mean `weight_1`?"),
    ("def f(z):\n    return total", "", "Python does not know the name `total`: no line before this one"),
    ("def f(z):\n    z_2 = z\n    return z2", "", "Do you mean `z_2`?"),
    ("b = 3\ndef f(z):\n    b = b + 1\n    return b", "", "to compute a new `b`, but `b` has no value yet"),
    ("b = 3\ndef f(z):\n    b = b + 1", "", "belongs to that function."),
    ("def f(z):\n    if z[0] < 0:\n        s = 1\n    return s", "", "inside an `if` that did not run?"),
    ("def f(z_prev):\n    zero = z\n    return zero", "", "Do you mean `z_prev`?"),
    ("def f(z):\n    return np.ones((4, 3)) @ np.append(np.append(z, 1), 1)", "", "Is the 1 for the bias added twice?"),
    ("def g(z): return z\ndef f(z):\n    return g * z[0]", "", "A function is used here without brackets"),
    ("def f(z):\n    return (z - 0.5) ^ 2", "", "In Python `^` is not a power: write `**`."),
    ("def f(z):\n    return None + 1", "", "One of the values is None"),
    (
        "def f(z):\n    a = []\n    a = a.append(1)\n    a.append(2)",
        "",
        "`append` changes a list and returns None",
    ),
    ("def f(z):\n    z.append(1)", "", "An array has no `append`"),
    ("def f(z):\n    return np.maximun(z, 0)", "", "Do you mean `np.maximum`?"),
    ("def f(z):\n    a, b, c = z", "", "There are 3 names on the left, but only 2 values on the right"),
    ("def f(z):\n    a, = z", "", "There is 1 name on the left, but more values on the right. The number of values"),
    ("def f(z):\n    a, = np.exp(z)", "", "What does the function on the right return?"),
    ("def f(z):\n    a, b = 3", "", "only one value (int) on the right"),
    ("def f(z):\n    s = []\n    s += 3", "", "To add one value to a list, use `append`"),
    ("import math\ndef f(z):\n    return math.exp(z)", "", "A function for a single number was given an array"),
    ("def f(z):\n    return round(z, 2) if False else [1] + 2", "", "`+` joins a list only to another list"),
    ("def f(z):\n    return (1, 2) * 0.5", "", "give each one a name"),
    ("def f(z):\n    return np.exp - z", "", "A function is used here without brackets"),
    ("def f(z):\n    return z * ...", "", "The dots `...` are still there"),
    ("def f(z):\n    return [x for x in range([1, 2])]", "", "`range` needs a whole number"),
    ("w_fh = 3\ndef f(z):\n    return w_hf * z", "", "Do you mean `w_fh`?"),
    ("def f(z):\n    a = []\n    a.append[1]", "", "with round brackets"),
    ("def f(z):\n    return z[2]", "", "You asked for entry number 2, but there are 2 entries, numbers 0 to 1."),
    ("def f(z):\n    return z[:1][1]", "", "You asked for entry number 1, but there is only one, number 0."),
    ("def f(z):\n    return [y for x in z for y in x]", "", "A loop goes through a list or an array, but here"),
    ("def f(z):\n    return [x for x in len(z)]", "", "write `range(len(...))`"),
    ("def f(z):\n    return np.ones((4, 3)) @ (z + [1])", "", "`+ [1]` makes a list longer, but it adds 1"),
    ("def f(z):\n    return f(z)", "", "The function calls itself again and again"),
    ("def f(z):\n    return np.hstack([z.reshape(2, 1), 1])", "", "do not have the same dimensions"),
    ("three = 3\ndef f(z):\n    return three(z)", "", "Is a `*` missing"),
    ("def f(z):\n    return z.reshape(5, 1)", "", "2 numbers do not fit into the shape (5,1)"),
    (
        "def g(a, b): return a\ndef f(z):\n    return g(z)",
        "",
        "`g` was called with too few arguments. It needs these: a, b.",
    ),
    ("def f(z, w):\n    return z", "", "`f` was called with too few arguments"),
    ("def f():\n    return 1", "", "`f` was called with 1 arguments"),
    ("def f(z):\n    import torch_of_tomorrow", "", "There is no module `torch_of_tomorrow` here"),
    ("def f(z):\n    raise KeyError('odd')", "KeyError", "Python says: 'odd'."),
    ("", "", "Your notebook does not define `f`."),
    ("def f(z):\n    raise NotImplementedError()", "", "`f` is not written yet."),
    (
        "def g(z):\n    raise NotImplementedError()\ndef f(z):\n    return g(z)",
        "",
        "`g` is not written yet. `f` needs it.",
    ),
]


@pytest.mark.parametrize(("source", "where", "meaning"), _FAILURES)
def test_an_exception_becomes_a_sentence_with_the_line_and_what_it_means(
    tools: ModuleType, source: str, where: str, meaning: str
) -> None:
    """Whatever a beginner's function raises: no traceback, its own line, and what that usually means."""
    vars(tools).pop("f", None)
    _define(tools, source)
    with pytest.raises(tools.Hint) as raised, tools.checks_of("f"):
        tools.check_value("f(z)", eval("f(np.array([1.0, -2.0]))", vars(tools)), 1)
    assert where in str(raised.value)
    assert meaning in str(raised.value)


def _define(tools: ModuleType, source: str, number: int = 1) -> None:
    """Run a cell of the notebook among the tools, its lines known to tracebacks as in a notebook."""
    name = f"/tmp/ipykernel_1/{number}.py"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), vars(tools))


def _failed(tools: ModuleType, source: str, check: str) -> str:
    """What a student reads of a check of this function."""
    _define(tools, source)
    with pytest.raises(tools.Hint) as raised:
        _define(tools, check, 2)
    return str(raised.value)


_CHECK_OF_TWO_CALLS = """
with checks_of("f"):
    check_value("f(1)", f(1), 1, "It is the same number.")
    check_value(
        "f([1, 2]), with two numbers,",
        f(np.array([1, 2])),
        [1, 2],
        "It works for any size.",
    )
"""


def test_an_exception_names_the_call_and_what_is_special_about_it(tools: ModuleType) -> None:
    """That another call went well makes its hint the likely reason; where none did, the hint would only distract."""
    said = _failed(tools, "def f(z):\n    return z if z > 0 else 0", _CHECK_OF_TWO_CALLS)
    assert said.startswith("f([1, 2]) stops with a ValueError in line 2 of `f`, ")
    assert said.endswith(" It works for any size.")
    said = _failed(tools, "def f(z):\n    return z / none", _CHECK_OF_TWO_CALLS)
    assert said.startswith("f(1) stops with a NameError in line 2 of `f`, ")
    assert "It is the same number." not in said


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("a = [x]\n    a = a.append(1)\n    return a", "`append` changes a list and returns None"),
        ("print(x)", "There is no `return` in it."),
        ("if x > 5:\n        return 1", "does not reach a `return`, or the `return` has no value."),
    ],
)
def test_none_is_explained_by_what_the_function_is_seen_to_do(tools: ModuleType, body: str, words: str) -> None:
    """An `append` whose None is kept, no `return` at all, or one that is not reached."""
    assert words in _failed(tools, f"def f(x):\n    {body}", _CHECK_OF_TWO_CALLS)


_CHECK_OF_G = """
with contextlib.suppress(Hint), checks_of("f"):
    check_parts("f(1)", f(1), a=1, b=2)
with checks_of("g", "f", names={"o": "`o` is what the output gate returns."}):
    check_value("g(1)", g(1), 3)
"""


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("both = f(x)\n    return both * 0.5", "`both` is here all that `f` returns, 2 values together (a, b)."),
        (
            "f(x)\n    return a + 1",
            "`f` returns this value, but it has no name here until you give it one: `a, b = f(...)`.",
        ),
        ("return o", "`o` is what the output gate returns."),
    ],
)
def test_what_another_function_returns_has_to_be_given_a_name(tools: ModuleType, body: str, sentence: str) -> None:
    """One name for several values, no name at all, and a name that stands in the formulas only."""
    said = _failed(tools, f"def f(x):\n    return 1, 2\n\ndef g(x):\n    {body}", _CHECK_OF_G)
    assert sentence in said


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("z = w x", "invalid syntax). Is a `*` missing between two names or before a bracket? Correct"),
        ("z = (1 + x)(1 - x) w", "invalid syntax). Is a `*` missing"),
        ("z = 2x", "invalid decimal literal). Is a `*` missing"),
        ("z = f(w x)", "invalid syntax). Is a `*` or a comma missing?"),
        ("z = relu'(x)", "A `'` begins a text, so it cannot be part of a name. Correct"),
        ("z = = x", "invalid syntax). Correct"),
        ("return not", "invalid syntax). Correct"),
    ],
)
def test_a_line_that_is_not_python_gets_a_question_that_fits(
    tools: ModuleType, monkeypatch: pytest.MonkeyPatch, line: str, words: str
) -> None:
    """A missing `*` is the usual reason where two values stand side by side, and not elsewhere."""
    shell = InteractiveShell()  # type: ignore[no-untyped-call]
    shell.user_ns["In"] = [f"def f(x):\n    {line}\n"]
    monkeypatch.setattr(tools, "get_ipython", lambda: shell)
    with pytest.raises(tools.Hint) as raised, tools.checks_of("f"):
        pass
    assert words in str(raised.value)


def test_checks_that_pass_say_so(tools: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """With their number."""
    with tools.checks_of("f"):
        tools.check_value("f(1)", 2, 2)
        tools.check(True, "Never said.")
    assert capsys.readouterr().out == "f: 2 of 2 checks passed.\n"


def test_a_failed_check_says_what_is_right_if_nothing_else_is_known(tools: ModuleType) -> None:
    """The author's hint comes last."""
    with (
        pytest.raises(tools.Hint, match=r"f\(1\) gives 3, but it should be 2. One more than 1."),
        tools.checks_of("f"),
    ):
        tools.check_value("f(1)", 3, 2, "One more than 1.")


def test_a_function_that_builds_on_a_wrong_one_leads_there(tools: ModuleType) -> None:
    """Whoever sees two failed checks starts with the right one."""
    with contextlib.suppress(tools.Hint), tools.checks_of("first"):
        tools.check(False, "Wrong.")
    with pytest.raises(tools.Hint, match="`second` builds on `first`"), tools.checks_of("second", "first"):
        tools.check_value("second(1)", 3, 2)


def test_a_function_that_changes_its_argument_is_found(tools: ModuleType) -> None:
    """The caller's array stays as it was."""
    with pytest.raises(tools.Hint, match="f changed its argument"):
        tools.check_unchanged("f", lambda z: z.sort(), np.array([2, 1]))
    tools.check_unchanged("f", sorted, np.array([2, 1]))


def test_names_have_other_values_for_a_while(tools: ModuleType) -> None:
    """Afterwards a notebook's own are back, and new ones are gone."""
    vars(tools)["weight"] = 1
    with tools.given(weight=2, other=3):
        assert (tools.weight, tools.other) == (2, 3)
    assert tools.weight == 1
    assert not hasattr(tools, "other")


def test_the_newest_version_that_is_not_python_is_not_passed_over(
    tools: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a notebook the older version is still defined, and would be judged in its place."""
    shell = InteractiveShell()  # type: ignore[no-untyped-call]
    shell.user_ns["In"] = ["", "def f(z):\n    return z", "def f(z)\n    return 2 * z", "f(3)"]
    monkeypatch.setattr(tools, "get_ipython", lambda: shell)
    with (
        pytest.raises(
            tools.Hint, match=r"cannot read the cell that defines `f` \(line 1, `def f\(z\)`: expected ':'\)"
        ),
        tools.checks_of("f"),
    ):
        pass
    shell.user_ns["In"] += ["def f(z):\n    return 2 * z"]
    with tools.checks_of("f"):
        pass


def test_a_cell_that_needs_an_unwritten_function_says_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever runs a cell too early sees no traceback; an error of the student's own keeps it."""
    shell = InteractiveShell()  # type: ignore[no-untyped-call]
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    _load()
    shell.run_cell("def relu(z):\n    raise NotImplementedError()\ndef forward(x):\n    return relu(x)")  # type: ignore[no-untyped-call]
    result = shell.run_cell("[forward(x) for x in (1, 2)]")  # type: ignore[no-untyped-call]
    assert capsys.readouterr().out == "Not yet: this needs `relu`. Write and run it first.\n"
    assert isinstance(result.error_in_exec, NotImplementedError)
    for source in ("raise NotImplementedError", "def f():\n    raise NotImplementedError('mine')\nf()"):
        shell.run_cell(source)  # type: ignore[no-untyped-call]
        assert "Traceback" in capsys.readouterr().out


def test_a_sentence_fits_a_narrow_window(tools: ModuleType) -> None:
    """Code is not broken at its spaces."""
    lines = tools.Hint(
        "`f` is not written yet, as far as I see. Replace `raise NotImplementedError()`."
    )._render_traceback_()
    assert lines == ["Not yet: `f` is not written yet, as far as I see. Replace", "`raise NotImplementedError()`."]


def test_the_checks_of_a_function_show_no_warning(tools: ModuleType, recwarn: pytest.WarningsRecorder) -> None:
    """Its sentence says what a warning of numpy's would."""
    with pytest.raises(tools.Hint, match="contains inf or nan"), tools.checks_of("f"):
        tools.check_value("f(1000)", np.exp(np.array([1000.0])) / np.exp(np.array([1000.0])), [1])
    assert not recwarn.list


def test_the_summary_says_how_far_each_function_is(tools: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passed, not yet, not written, and not tried; a function with several groups of checks passes when all do."""
    shown: list[str] = []
    monkeypatch.setattr(tools, "display", lambda thing: shown.append(thing.data))
    for name, aspect, holds in [("a", "", True), ("b", "", False), ("c", "", True), ("c", "large values", False)]:
        with contextlib.suppress(tools.Hint), tools.checks_of(name, aspect=aspect):
            tools.check(holds, "Wrong.")
    with contextlib.suppress(tools.Hint), tools.checks_of("d"):
        raise NotImplementedError
    tools.summary("a", "b", "c", "d", "e")
    states = re.findall(r"<code>(\w)</code></th><td[^>]*>. ([^<]*)</td>", shown[0])
    assert states == [
        ("a", "passes"),
        ("b", "does not pass yet"),
        ("c", "does not pass yet, large values"),
        ("d", "is not written yet"),
        ("e", "its checks have not run yet"),
    ]
    assert "1 of 5 functions pass" in shown[0]


def test_a_picture_comes_with_its_description(tools: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure of matplotlib's becomes an SVG."""
    pyplot = pytest.importorskip("matplotlib.pyplot")
    shown: list[str] = []
    monkeypatch.setattr(tools, "display", lambda thing: shown.append(thing.data))
    figure, axes = pyplot.subplots()
    axes.plot([0, 1])
    tools.show(figure, 'a "line"')
    assert shown[0].startswith('<img src="data:image/svg+xml;base64,')
    assert 'alt="a &quot;line&quot;"' in shown[0]
    again = pyplot.figure()
    again.add_subplot().plot([0, 1])
    tools.show(again, 'a "line"')
    assert shown[0] == shown[1], "the same picture has the same text"
    pyplot.close("all")


def test_every_notebook_has_the_same_tools(course: Path) -> None:
    """A changed tool makes the notebooks stale, and `build` copies it into them."""
    tools = (REPOSITORY / "source" / "checks.py").read_text()
    (course / "source" / "checks.py").write_text(tools.replace("Not yet: ", "No: "))
    places = [Path(folder, "backprop", "backprop.ipynb") for folder in ("source", "release", "solutions")]
    assert set(places) <= set(build(course))
    for place in places:
        text = (course / place).read_text()
        assert "No: " in text and "Not yet: " not in text


def test_the_tools_are_read_nowhere_else() -> None:
    """No notebook has tools of its own."""
    body = (REPOSITORY / "source" / "checks.py").read_text().split('"""\n\n', 1)[1]
    for assignment in ASSIGNMENTS:
        notebook = json.loads((REPOSITORY / "source" / assignment / f"{assignment}.ipynb").read_text())
        (cell,) = [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "given-checks"]
        lines = [line for line in "".join(cell["source"]).strip().splitlines() if not line.startswith("_HINTS = ")]
        assert lines == [line for line in body.strip().splitlines() if line != '_HINTS = ""']
