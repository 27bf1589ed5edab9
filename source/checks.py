"""The small tools of the shown checks. `autograder build` copies what follows into the cell `given-checks`."""

# Run this: it holds the tools of the checks.
import ast
import base64
import contextlib
import difflib
import hashlib
import html
import inspect
import io
import json
import keyword
import linecache
import logging
import re
import textwrap
import traceback
import types
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from IPython import get_ipython
from IPython.display import HTML, display

_HINTS = ""
"""What common mistakes do, as codes with a sentence for each; packed, so that nobody reads them by accident."""

_results: dict[str, str] = {}
"""How the last checks of each function went."""

_current: dict[str, Any] = {"checks": 0, "hint": "", "uses": (), "names": {}}
"""The checks that have run in this cell, what the last of them says of the right answer, and what `checks_of` was given."""

_parts: dict[str, list[str]] = {}
"""What each function that returns several values calls them."""


_LIKE = "This looks like: "

_WIDTH = 72
"""The letters in a line of a narrow window; JupyterLab breaks longer lines in the middle of a word."""


class Hint(AssertionError):
    """A failed check, shown as one sentence instead of a traceback."""

    def _render_traceback_(self) -> list[str]:
        whole = re.sub("`[^`]*`", lambda code: code[0].replace(" ", "\xa0"), f"Not yet: {self}")
        return [line.replace("\xa0", " ") for line in textwrap.wrap(whole, _WIDTH, break_on_hyphens=False)]


def _show_missing(shell: Any, kind: type[BaseException], error: BaseException, trace: Any, **_: Any) -> None:
    """Show which function a cell still needs, instead of the traceback of its `raise NotImplementedError()`."""
    if (names := _own_names(error)) and not error.args:
        missing = Hint(f"this needs `{names[-1]}`. Write and run it first.")
        shell.showtraceback((Hint, missing, None))
    else:
        shell.showtraceback((kind, error, trace))


if get_ipython():
    get_ipython().set_custom_exc((NotImplementedError,), _show_missing)

# In a browser the first picture of each session would bring a red box that says "building the font cache".
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)


@contextlib.contextmanager
def checks_of(
    function: str, *uses: str, aspect: str = "", names: dict[str, str] | None = None
) -> Iterator[None]:
    """Run the checks of one function; whatever goes wrong in them becomes one sentence.

    Args:
        function: the name of the function that is checked.
        uses: the functions it builds on; if their own checks fail, the sentence says to start there.
        aspect: what these checks are about, if the function has others too.
        names: a sentence for each name that stands in the formulas, but that Python does not know.
    """
    title = f"{function}, {aspect}" if aspect else function
    _current.update(checks=0, hint="", uses=uses, names=names or {})
    _results[title] = "not yet"
    _require_syntax(function)
    try:
        with np.errstate(all="ignore"):  # the sentence says more than a warning
            yield
    except NotImplementedError as error:
        missing = (_own_names(error) or [function])[-1]
        _results[title] = "not written" if missing == function else "not yet"
        needed = "" if missing == function else f"`{function}` needs it. "
        raise Hint(
            f"`{missing}` is not written yet. {needed}Replace `raise NotImplementedError()` with your own lines."
        ) from None
    except Hint as hint:
        advice = _advice(function, uses) or _current["hint"]
        raise Hint(str(hint) if advice.removeprefix(_LIKE) in str(hint) else f"{hint} {advice}") from None
    except Exception as error:
        raise Hint(f"{_explained(error, function)} {_first(function, uses)}".strip()) from None
    _results[title] = "passed"
    print(f"{title}: {_current['checks']} of {_current['checks']} checks passed.")


def _state(function: str) -> str:
    """How the checks of a function went: passed when all did, empty when none ran."""
    states = {state for title, state in _results.items() if title.split(",")[0] == function}
    return next((state for state in ("not written", "not yet", "passed") if state in states), "")


def check(holds: Any, sentence: str) -> None:
    """Raise a Hint with this sentence unless `holds` is true."""
    if not holds:
        raise Hint(sentence)
    _current["checks"] += 1


def check_value(call: str, answer: Any, by_hand: Any, hint: str = "") -> None:
    """Raise a Hint unless `answer`, the value of `call`, is close to the value worked out by hand.

    `hint` says something about the right answer that is true whatever the wrong one is.
    """
    _current["hint"] = hint
    got, want = _numbers(call, answer), np.asarray(by_hand, dtype=float)
    if want.ndim == 0 and got.size == 1:
        got = got.reshape(())
    if got.shape != want.shape:
        same = got.size == want.size and np.allclose(got.ravel(), want.ravel(), rtol=1e-5, atol=1e-7)
        numbers = "The numbers are right, but the shape is not: " if same else ""
        raise Hint(f"{numbers}{call} is {_form(got)}, but {_form(want)} is expected.")
    close = np.allclose(got, want, rtol=1e-5, atol=1e-7)
    check(
        close,
        f"{call} gives {_text(got)}, but it should be {_text(want)}.{'' if close else _fact(answer, got, want)}",
    )


def check_parts(call: str, answer: Any, **by_hand: Any) -> None:
    """Raise a Hint unless `answer` has these parts, in this order; each is a value, or a value and its hint."""
    names = ", ".join(by_hand)
    _current["hint"] = ""
    _parts[call.partition("(")[0]] = [*by_hand]
    _require_answer(call, answer)
    if isinstance(answer, dict):
        raise Hint(f"{call} returned a dict. Return the values themselves, in this order: {names}.")
    is_row = isinstance(answer, tuple | list) or (isinstance(answer, np.ndarray) and answer.ndim > 0)
    count = len(answer) if is_row else 1
    number = "a single value" if not is_row else "1 value" if count == 1 else f"{count} values"
    if isinstance(answer, np.ndarray) and is_row:
        number = f"a single array ({_form(answer)})"
    if count != len(by_hand):
        raise Hint(
            f"{call} returned {number}, but it should return {len(by_hand)} values, in this order: {names}."
        )
    expected = {name: each if isinstance(each, tuple) else (each, "") for name, each in by_hand.items()}
    _check_order(call, [*answer], {name: value for name, (value, _) in expected.items()})
    for part, (name, (value, hint)) in zip(answer, expected.items(), strict=True):
        check_value(f"{name} of {call}", part if np.ndim(value) == 0 else _row(part), value, hint)


def check_filled(*names: str) -> None:
    """Raise a Hint for a name whose value is still `...`, or that has none yet."""
    for name in names:
        if globals().get(name, ...) is ...:
            raise Hint(
                f"`{name}` has no value yet. Either it is still `...`, or its cell stopped with an error: "
                "look for a red text below that cell."
            )


def check_unchanged(call: str, function: Callable[[Any], Any], argument: Any) -> None:
    """Raise a Hint if `function` changes the array it is given."""
    kept = argument.copy()
    function(argument)
    check(
        np.array_equal(argument, kept),
        f"{call} changed its argument. Return a new value instead, and leave the argument as it was.",
    )


@contextlib.contextmanager
def given(**values: Any) -> Iterator[None]:
    """Give names of the notebook other values for a while, then the ones they had before."""
    names, missing = globals(), object()
    kept = {name: names.get(name, missing) for name in values}
    try:
        for name, value in values.items():
            names[name] = value
        yield
    finally:
        for name, value in kept.items():
            if value is missing:
                names.pop(name, None)
            else:
                names[name] = value


def summary(*functions: str) -> None:
    """Display how far each of these functions is."""
    passed = sum(_state(name) == "passed" for name in functions)
    caption = f"{passed} of {len(functions)} functions pass the checks of this notebook"
    rows = [(f"<code>{name}</code>", _said(name)) for name in functions]
    show_table(caption, ["function", "state"], rows, align="left")


def _said(function: str) -> str:
    if (state := _state(function)) in ("passed", "not written", ""):
        return {
            "passed": "✓ passes",
            "not written": "– is not written yet",
            "": "– its checks have not run yet",
        }[state]
    open_ = [title for title, each in _results.items() if title.split(", ")[0] == function and each != "passed"]
    return f"✗ does not pass yet{''.join(title.removeprefix(function) for title in open_)}"


def show_table(caption: str, head: list[str], rows: list[tuple[Any, ...]], align: str = "right") -> None:
    """Display a table.

    Args:
        caption: what it shows.
        head: the headings of its columns.
        rows: what stands in each row; the first entry is the heading of the row.
        align: where the entries stand in their columns, left or right.
    """
    style = f'style="text-align: {align}"'
    columns = "".join(f'<th scope="col" {style}>{each}</th>' for each in head)
    lines = "".join(
        f'<tr><th scope="row" {style}>{first}</th>'
        + "".join(f"<td {style}>{each}</td>" for each in others)
        + "</tr>"
        for first, *others in rows
    )
    title = f'<caption style="text-align: left; white-space: nowrap">{caption}</caption>'
    display(HTML(f"<table>{title}<thead><tr>{columns}</tr></thead><tbody>{lines}</tbody></table>"))


def show(drawing: Any, alt: str) -> None:
    """Display a drawing, a figure of matplotlib's or the text of an SVG, with a description for those who cannot see it."""
    if not isinstance(drawing, str):
        import matplotlib

        # the same picture has the same text every time, so that a change of it can be seen
        with matplotlib.rc_context({"svg.hashsalt": "course"}), io.StringIO() as file:
            drawing.savefig(file, format="svg", bbox_inches="tight", metadata={"Date": None})
            drawing = file.getvalue()
    data = base64.b64encode(drawing.encode()).decode()
    style = "max-width: 100%; border-radius: 4px"
    display(HTML(f'<img src="data:image/svg+xml;base64,{data}" alt="{html.escape(alt)}" style="{style}">'))


def _numbers(call: str, answer: Any) -> Any:
    _require_answer(call, answer)
    try:
        return np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        kind = type(answer).__name__
    if isinstance(answer, tuple | list):
        raise Hint(
            f"{call} should be one array of numbers, but it is a {kind} whose parts have different shapes. "
            + _why_uneven(answer)
        )
    raise Hint(
        f"{call} should contain only numbers, but it is {textwrap.shorten(repr(answer), 60)}, of type {kind}."
    )


def _why_uneven(answer: Any) -> str:
    """How a list or tuple may have come to hold arrays and numbers side by side."""
    sizes = [np.ndim(part) for part in answer if np.ndim(part) == 0 or isinstance(part, np.ndarray)]
    if len(answer) == len(sizes) == 2 and sizes[0] > sizes[1] == 0:
        return "Square brackets put an array and a number side by side; `np.append` joins them."
    return "A loop over a column or a table gives you its rows, not its numbers."


def _require_answer(call: str, answer: Any) -> None:
    if answer is None:
        if not _current["checks"]:  # else what is special about this call is the likely reason
            _current["hint"] = ""
        raise Hint(f"{call} returned None. {_why_none(call.partition('(')[0])}")
    if callable(answer):
        raise Hint(
            f"{call} returned a function. To call a function, write brackets with its arguments after its name."
        )


def _why_none(function: str) -> str:
    """How a function may have come to return None."""
    source = _source_of([("", function, "")])
    if re.search(r"(=|\breturn)\s*\w+\.append\(", source):
        return (
            "`append` changes a list and returns None: write it on a line of its own, without `=` or `return`."
        )
    if source and not re.search(r"\breturn\b", source):
        return "There is no `return` in it. (`print` only shows a value.)"
    return "With these arguments, Python does not reach a `return`, or the `return` has no value. (`print` only shows a value.)"


def _check_order(call: str, got: list[Any], want: dict[str, Any]) -> None:
    """Raise a Hint if the parts are right but for their order."""
    left, order = dict(want), []
    for part in got:
        found = next((name for name, value in left.items() if _same(part, value)), None)
        if found is None:
            return
        order.append(found)
        del left[found]
    if any(not _same(part, value) for part, value in zip(got, want.values(), strict=True)):
        raise Hint(
            f"{call} returned the right values in another order. The order should be: {', '.join(want)}."
        )


def _same(got: Any, want: Any) -> bool:
    try:
        mine, right = np.ravel(np.asarray(got, dtype=float)), np.ravel(np.asarray(want, dtype=float))
    except (TypeError, ValueError):
        return False
    return mine.shape == right.shape and np.allclose(mine, right, rtol=1e-5, atol=1e-7)


def _row(part: Any) -> Any:
    """A part in one dimension, where a column of numbers is as good as a row."""
    try:
        return np.ravel(np.asarray(part, dtype=float))
    except (TypeError, ValueError):
        return part


def _form(array: Any) -> str:
    """A shape in words."""
    if array.ndim == 0:
        return "a single number"
    if array.ndim == 1:
        return f"a row of {array.size} number{'' if array.size == 1 else 's'}" if array.size else "empty"
    if array.ndim == 2 and array.shape[1] == 1:
        return f"a column of {array.shape[0]} numbers (shape {array.shape})"
    if array.ndim == 2:
        return (
            f"a table with {array.shape[0]} row{'' if array.shape[0] == 1 else 's'} of {array.shape[1]} numbers"
        )
    return f"an array of shape {array.shape}"


def _text(array: Any) -> str:
    """Numbers as Python writes them, but 8 for 8.0."""
    if array.ndim:
        return f"[{', '.join(map(_text, array))}]"
    return f"{round(float(array), 10) + 0.0:.10g}"


def _fact(answer: Any, got: Any, want: Any) -> str:
    """What can be said of a wrong value for sure."""
    with np.errstate(all="ignore"):
        if np.asarray(answer).dtype == bool and not np.isin(want, (0, 1)).all():
            return " The result consists of True (1) and False (0), as a comparison gives them."
        if not np.isfinite(got).all():
            return " The result contains inf or nan: a number became too large, or a division by 0 happened."
        if want.size and np.any(want) and np.allclose(got, -want):
            return " The sign is wrong." if want.size == 1 else " Every sign is wrong."
        if want.ndim and np.allclose(np.sort(got.ravel()), np.sort(want.ravel())):
            return " The numbers are right, but their order is not."
        if np.any(want) and np.allclose(got, 2 * want):
            return " The result is twice as large as it should be."
        if np.any(want) and np.allclose(2 * got, want):
            return " The result is half as large as it should be."
        for digits in range(1, 5):
            if np.any(got != np.round(got)) and np.array_equal(got, np.round(want, digits)):
                return " The result is rounded, but all digits are needed."
        if np.allclose(got, want, rtol=1e-3, atol=0):
            return " The result is close, but not exact: is a number, such as e, rounded too early?"
    return ""


def _require_syntax(function: str) -> None:
    """Raise a Hint if the newest cell that should define `function` is not Python: an older version would be judged."""
    shell = get_ipython()
    for cell in reversed(shell.user_ns.get("In", []) if shell else []):
        if re.search(rf"^\s*def\s+{function}\b", cell, re.MULTILINE):
            try:
                compile(shell.transform_cell(cell), "", "exec")
            except SyntaxError as error:
                where = f"line {error.lineno}" + (f", `{error.text.strip()}`" if error.text else "")
                reason = re.sub(r"\.? Perhaps you forgot a comma\??", "", error.msg)
                raise Hint(
                    f"Python cannot read the cell that defines `{function}` ({where}: {reason}). {_question(error)}"
                    "Correct that cell and run it again. Until then, the checks cannot use what you have written."
                ) from None
            return


def _question(error: SyntaxError) -> str:
    """What may be missing from a line that is not Python."""
    line, message = error.text or "", error.msg
    if "forgot a comma" in message:
        return "Is a `*` or a comma missing? "
    if "unterminated string" in message and re.search(r"\w'", line):
        return "A `'` begins a text, so it cannot be part of a name. "
    word = rf"(?<![\w.])(?:(?!(?:{'|'.join(keyword.kwlist)})\b)[A-Za-z_]\w*|\d[\d.]*)"
    is_product = re.search(rf"(?:{word}|[)\]])\s+{word}|[)\]]\s*[\w(]|\b\d[\d.]*\s*[A-Za-z_(]", line)
    if is_product and message in ("invalid syntax", "invalid decimal literal"):
        return "Is a `*` missing between two names or before a bracket? "
    return ""


def _explained(error: Exception, function: str) -> str:
    """What an exception means, in a sentence or two, with the call and the student's own line."""
    kind = next(base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins")
    message = (str(error).splitlines() or [""])[0]
    frames = _own_frames(error)
    if message == f"name '{function}' is not defined" and not frames:
        return f"Your notebook does not define `{function}`. Write it in the cell above, and run that cell."
    mine = [frame for frame in frames if frame[1] == function] or frames
    where = " in line {} of `{}`, `{}`".format(*mine[-1]) if mine else ""
    meaning = next(
        (
            text(found, frames) if callable(text) else text.format(*found.groups(), *[""] * 3)
            for pattern, text in _MEANINGS
            if (found := re.search(pattern, message))
        ),
        "",
    )
    article = "an" if kind[0] in "AEIOU" else "a"
    call, hint = _call_that_failed(error)
    if not call or (frames and frames[0][1] in _current["uses"]):
        call, hint = f"`{frames[0][1] if call else function}`", ""
    hint = (
        f" {hint}" if hint and _current["checks"] else ""
    )  # that earlier calls worked makes it a hint at the reason
    return f"{call} stops with {article} {kind}{where}. {meaning or f'Python says: {message}.'}{hint}"


_CHECKS = ("check_value", "check_parts")
"""The checks whose first argument is the text of a call."""


def _call_that_failed(error: Exception) -> tuple[str, str]:
    """The call that the running check names, and the check's first hint; empty when they cannot be found."""
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.name != "<module>" or frame.filename == _own_frames.__code__.co_filename:
            continue
        try:
            cell = ast.parse("".join(linecache.getlines(frame.filename)))
        except SyntaxError:  # it has a magic
            continue
        for node in ast.walk(cell):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in _CHECKS:
                continue
            if node.lineno <= (frame.lineno or 0) <= (node.end_lineno or 0):
                label, *texts = [
                    each.value
                    for each in ast.walk(node)
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                ] or [""]
                return label.partition(", with ")[0], next((text for text in texts if text.endswith(".")), "")
    return "", ""


def _own_frames(error: BaseException) -> list[tuple[str, str, str]]:
    """The numbers, functions and texts of the student's own lines that were running, outermost first."""
    if (
        sent := getattr(error, "student_lines", None)
    ) is not None:  # the grader runs the checks in another process
        found = [re.fullmatch(r"line (\d+) of (.*?): (.*)", line, re.DOTALL) for line in sent]
        frames = [(each[1], each[2], each[3].strip()) for each in found if each]
    else:
        tools = _own_frames.__code__.co_filename
        frames = [
            (str(frame.lineno), frame.name, (frame.line or "").strip())
            for frame in traceback.extract_tb(error.__traceback__)
            if re.search("ipykernel|<ipython-input", frame.filename) and frame.filename != tools
        ]
    return [each for each in frames if each[1] != "<module>"]


def _own_names(error: BaseException) -> list[str]:
    return [name for _, name, _ in _own_frames(error)]


_Frames = list[tuple[str, str, str]]


def _line_of(frames: _Frames) -> str:
    """The line that failed."""
    return frames[-1][2] if frames else ""


def _source_of(frames: _Frames) -> str:
    """All that can be seen of the function that failed; the grader sees only the lines that were running."""
    function = globals().get(frames[-1][1]) if frames else None
    try:  # what only passes for a function, a thing of the student's process, has no file here
        return inspect.getsource(function) if type(function) is types.FunctionType else _line_of(frames)
    except OSError:
        return _line_of(frames)


def _local_names(frames: _Frames) -> list[str]:
    """The names of the arguments and variables of the function that failed."""
    code = getattr(globals().get(frames[-1][1]) if frames else None, "__code__", None)
    return [name for name in getattr(code, "co_varnames", ()) if isinstance(name, str)]


def _unknown_name(found: Any, frames: _Frames) -> str:
    name = found[1]
    if sentence := next(
        (said for key, said in _current["names"].items() if key == name or (len(key) > 1 and key in name)), ""
    ):
        return str(sentence)
    if name == "e":
        return "Python does not know `e`; the exponential function is `np.exp`."
    if name != "np" and hasattr(np, name):
        return f"Python does not know `{name}`: it belongs to numpy, so write `np.{name}`."
    if name == "relu":
        return "Python does not know `relu` here. Use `max(0, z)` for a number, or `np.maximum(0, z)` for an array."
    if name == "math":
        return "The module `math` is not imported. `np` has the same functions, and they work on arrays too."
    if owner := next((use for use in _current["uses"] if name in _parts.get(use, [])), ""):
        return (
            f"`{owner}` returns this value, but it has no name here until you give it one: "
            f"`{', '.join(_parts[owner])} = {owner}(...)`."
        )
    known = [*_local_names(frames), *(each for each in globals() if not each.startswith("_"))]
    same_letters = [each for each in known if _letters(each) == _letters(name) and each != name]
    own = [each for each in _local_names(frames) if each.startswith(name) and each != name]
    longer = [each for each in own if each.startswith(f"{name}_")] or own
    if close := same_letters or (
        longer if len(longer) == 1 else difflib.get_close_matches(name, known, 1, 0.8)
    ):
        return f"Python does not know the name `{name}`. Do you mean `{close[0]}`?"
    return (
        f"Python does not know the name `{name}`: no line before this one gives it a value in this function. "
        "Is it an argument with another name, or a value that another function returns? Then use that one."
    )


def _letters(name: str) -> list[str]:
    """The letters and digits of a name, in whatever order."""
    return sorted(name.replace("_", "").lower())


def _unknown_attribute(found: Any, _: _Frames) -> str:
    close = difflib.get_close_matches(found[1], dir(np), 1, 0.6)
    return f"numpy has no `{found[1]}`." + (f" Do you mean `np.{close[0]}`?" if close else "")


def _operands(found: Any, frames: _Frames) -> str:
    operator, *kinds = found.groups()
    if any("function" in kind or "ufunc" in kind or "method" in kind for kind in kinds):
        return _NOT_CALLED
    if "ellipsis" in kinds:
        return _DOTS
    if "NoneType" in kinds:
        return "One of the values is None: perhaps it comes from a function without `return`."
    if operator in ("^", "ufunc 'bitwise_xor'"):
        return "In Python `^` is not a power: write `**`."
    if "list" in kinds or "tuple" in kinds:
        return _several(found, frames)
    return f"`{operator}` does not work between these two: {' and '.join(kinds)}."


_NOT_CALLED = "A function is used here without brackets, so it was not called: write brackets with its arguments after its name."
_DOTS = "The dots `...` are still there: write a value in their place."


def _several(_: Any, frames: _Frames) -> str:
    """What is wrong when a list or a tuple stands where numbers are added or multiplied."""
    lines = [line for _, _, line in frames]
    for name, function in re.findall(
        r"^\s*(\w+)\s*=\s*(\w+)\(", "\n".join([_source_of(frames[:1]), *lines]), re.M
    ):
        parts = _parts.get(function, [])
        if len(parts) > 1 and any(re.search(rf"\b{name}\b", line) for line in lines):
            return (
                f"`{name}` is here all that `{function}` returns, {len(parts)} values together ({', '.join(parts)}). "
                f"Write {len(parts)} names on the left of `=`, with commas between them."
            )
    return (
        "Python cannot calculate with several values as if they were one number. If a function returned them, give "
        "each one a name (`a, b = f(...)`); if they are a list of numbers, turn it into an array with `np.array`."
    )


def _fit(_: Any, frames: _Frames) -> str:
    """Why the sizes of the two sides of a product may differ."""
    if re.search(r"\+=?\s*(\[\s*1\.?\s*\]|\(\s*1\.?\s*,\s*\))", _source_of(frames)):
        return "`+ [1]` makes a list longer, but it adds 1 to each number of an array. `np.append` makes both longer."
    return (
        "Are the weights on the left? Does each of their rows have as many entries as there are inputs? "
        "If one entry is missing, is it the 1 for the bias?"
    )


def _sizes(found: Any, frames: _Frames) -> str:
    right, left = int(found[1]), int(found[2])
    fit = _fit(found, frames)
    if right == left + 1:
        fit = fit.replace(
            "If one entry is missing, is it the 1 for the bias?", "Is the 1 for the bias added twice?"
        )
    return f"`@` multiplies each row by the input, entry by entry, but the sizes {left} and {right} do not fit. {fit}"


def _shapes(found: Any, frames: _Frames) -> str:
    one, other = found.groups()
    fits = f"`np.dot` cannot multiply shapes {one} and {other}: the weights come first, then the input."
    return f"{fits} {_fit(found, frames)}"


def _element_by_element(found: Any, frames: _Frames) -> str:
    one, other = found.groups()
    fits = f"Arrays of shapes {one} and {other} cannot be combined element by element."
    is_product = "*" in _line_of(frames) and "@" not in _line_of(frames)
    return f"{fits} {'A weighted sum is written with `@`, not `*`.' if is_product else _fit(found, frames)}"


def _no_value_yet(found: Any, frames: _Frames) -> str:
    name, targets = found[1], _line_of(frames).partition("=")[0].split(",")
    outside = (
        " (A name that gets a value anywhere in a function belongs to that function.)"
        if name in globals()
        else ""
    )
    if name in [target.strip(" +-*/@") for target in targets]:
        return (
            f"This line uses `{name}` to compute a new `{name}`, but `{name}` has no value yet in this function: "
            f"give it a first value further up.{outside}"
        )
    return (
        f"This line uses `{name}`, but `{name}` has no value yet in this function. "
        f"Is its line further down, or inside an `if` that did not run?{outside}"
    )


def _too_few(found: Any, _: _Frames) -> str:
    code = getattr(globals().get(found[1]), "__code__", None)
    needed = [*getattr(code, "co_varnames", ())][: getattr(code, "co_argcount", 0)]
    arguments = ", ".join(name for name in needed if isinstance(name, str) and name != "self")
    missing = f"It needs these: {arguments}." if arguments else f"These arguments are missing: {found[2]}."
    return f"`{found[1]}` was called with too few arguments. {missing}"


def _unpacked(found: Any, frames: _Frames) -> str:
    """There are more names on one side of `=` than values on the other."""
    count, got = int(found[1]), found[2] if found.lastindex == 2 else "more"
    names = f"There {'is 1 name' if count == 1 else f'are {count} names'} on the left"
    values = f"only {got} value{'' if got == '1' else 's'}" if got != "more" else "more values"
    is_call = re.search(r"=\s*[\w.]+\(", _line_of(frames))
    asked = (
        "What does the function on the right return?"
        if is_call
        else "The number of values can differ from call to call."
    )
    return f"{names}, but {values} on the right. {asked}"


def _not_iterable(found: Any, frames: _Frames) -> str:
    kind, line = found[1] or "an array of no dimension", _line_of(frames)
    if re.search(r"\bin\s+len\(", line):
        return "`len` gives a single number. To count from 0 up to it, write `range(len(...))`."
    if re.search(r"\bfor\b", line):
        return (
            f"A loop goes through a list or an array, but here it got a single value ({kind}). "
            "(A loop over a row gives its numbers, and a loop over a table gives its rows.)"
        )
    add = " To add one value to a list, use `append`." if re.search(r"\+=|\bextend\(", line) else ""
    return f"This line needs a list or an array, but it got a single value ({kind}).{add}"


def _no_entry(found: Any, _: _Frames) -> str:
    number, size = found[1], int(found[2])
    there = f"there are {size} entries, numbers 0 to {size - 1}" if size > 1 else "there is only one, number 0"
    return f"You asked for entry number {number}, but {there if size else 'there are no entries'}."


def _uneven(_: Any, frames: _Frames) -> str:
    add = " `np.append(x, value)` puts one more value at the end of an array."
    is_list = re.search(r"\bnp\.array\(\s*[\[(]", _line_of(frames))
    return f"An array cannot be made of parts that have different lengths.{add if is_list else ''}"


_MEANINGS: list[tuple[str, str | Callable[[Any, _Frames], str]]] = [
    (r"truth value of an array", "`if`, `while`, `and`, `or`, `min` and `max` need a single True or False, but a comparison "
     "with an array gives one for each element. Use a numpy function that works element by element."),
    (r"matmul.*size (\d+) is different from (\d+)", _sizes),
    (r"matmul.*does not have enough dimensions", "`@` needs arrays on both sides, but one of them is a single number."),
    (r"shapes (\(.*?\)) and (\(.*?\)) not aligned", _shapes),
    (r"broadcast together with shapes (\(.*?\)) (\(.*?\))", _element_by_element),
    (r"could not be broadcast|could not broadcast", "Two arrays have shapes that do not fit together."),
    (r"name '(\w+)' is not defined", _unknown_name),
    (r"local variable '(\w+)'", _no_value_yet),
    (r"free variable '(\w+)'", "`{0}` has no value yet in this line."),
    (r"(ufunc 'bitwise_xor')()", _operands),
    (r"unsupported operand type\(s\) for (.*?): '([\w.]+)' and '([\w.]+)'", _operands),
    (r"can only concatenate tuple", _several),
    (r"can only concatenate (\w+)", "`+` joins a {0} only to another {0}. To calculate, turn it into an array with `np.array`; "
     "to add one entry at the end of an array, use `np.append`."),
    (r"can't multiply sequence", _several),
    (r"argument 0 of type (?:function|builtin)", _NOT_CALLED),
    (r"only (?:size-1|length-1|0-dimensional) arrays", "A function for a single number was given an array. "
     "The functions of numpy, such as `np.exp`, work on every element."),
    (r"doesn't define __round__", "`round` is for a single number; `np.round` works on every element of an array."),
    (r"cannot unpack non-iterable NoneType", "The function on the right returned None, so there is nothing to unpack."),
    (r"cannot unpack non-iterable (\w+)", "There are several names on the left, but only one value ({0}) on the right."),
    (r"'([\w.]+)' object is not iterable|iteration over a 0-d array", _not_iterable),
    (r"not enough values to unpack \(expected (\d+), got (\d+)\)", _unpacked),
    (r"too many values to unpack \(expected (\d+)", _unpacked),
    (r"'NoneType' object has no attribute '(\w+)'", "A value is None here. Did you write `x = x.append(...)`? `append` changes a list "
     "and returns None. Or is there a function without `return`?"),
    (r"'numpy.ndarray' object has no attribute 'append'", "An array has no `append`; only a list has one. `np.append(x, value)` returns a "
     "new array."),
    (r"module 'numpy' has no attribute '(\w+)'", _unknown_attribute),
    (r"'(\w+)' object has no attribute '(\w+)'", "A {0} has no `{1}`. `np.array(...)` turns a list or a number into an array."),
    (r"(\w+)\(\) missing \d+ required positional arguments?: (.*)", _too_few),
    (r"(\w+)\(\) takes (\d+) positional arguments? but (\d+) (?:was|were) given", "`{0}` was called with {2} arguments, but its "
     "`def` line has {1}. Leave the `def` line as it was, and correct the call."),
    (r"got an unexpected keyword argument '(\w+)'", "A function was called with an argument named `{0}`, which it does not have."),
    (r"'([\w.]+)' object is not callable", "Brackets after a value mean a call, but this value ({0}) is not a function. Is a "
     "`*` missing before a bracket (not a comma, as Python may have asked), or does a variable have the name of a function?"),
    (r"'[\w.]*(?:function|method|ufunc)[\w.]*' object is not subscriptable", "A function is called with round brackets, not square ones."),
    (r"'([\w.]+)' object is not subscriptable|invalid index to scalar", "Square brackets pick an entry from a list or an "
     "array, but this is a single value."),
    (r"does not support item assignment", "The entries of this value cannot be changed. Make a new list or array instead."),
    (r"index (-?\d+) is out of bounds for axis \d+ with size (\d+)", _no_entry),
    (r"index out of range", "There is no entry with this number: counting starts at 0, and the last number is the length minus 1."),
    (r"too many indices for array", "The array has fewer dimensions than there are numbers in the square brackets."),
    (r"only integers, slices|indices must be integers", "The number of an entry must be a whole number."),
    (r"division by zero", "Something is divided by 0."),
    (r"math range error|too large", "A number became too large for the computer to store."),
    (r"maximum recursion depth", "The function calls itself again and again and never ends. Should it call another function?"),
    (r"same number of dimensions|zero-dimensional arrays cannot be concatenated|must match exactly", "The arrays to join do not "
     "have the same dimensions. `np.append(x, value)` flattens `x` and adds one value at its end."),
    (r"inhomogeneous|setting an array element with a sequence", _uneven),
    (r"cannot reshape array of size (\d+) into shape (\(.*?\))", "{0} numbers do not fit into the shape {1}."),
    (r"'(?:list|tuple)' object cannot be interpreted as an integer", "`range` needs a whole number, but it got a list. To go "
     "through the values of a list, write `for x in seq:` with the name of your list."),
    (r"axis \d+ is out of bounds|integer scalar arrays|cannot be interpreted as an integer", "The second argument of functions "
     "such as `np.max`, `np.sum` or `softmax` is an axis (a direction in the array). `np.maximum` compares two values."),
    (r"'[<>=]+' not supported between instances of .*ellipsis", _DOTS),
    (r"'([<>=]+)' not supported between instances of '([\w.]+)' and '([\w.]+)'", "`{0}` cannot compare these two: {1} and {2}. "
     "An array can be compared with a number, a list cannot."),
    (r"did not contain a loop|not supported for the input types|could not convert string", "One of the values "
     "is text or something else that is not a number."),
    (r"No module named '(\w+)'", "There is no module `{0}` here; numpy, imported as `np`, is all you need."),
    (r"must be real number, not (\w+)", "A number is needed here, but this is a {0}."),
]  # fmt: skip


def _advice(function: str, uses: tuple[str, ...]) -> str:
    """What helps with a wrong value: the function to correct first, or the mistake that it looks like."""
    if first := _first(function, uses):
        return first
    if get_ipython() is None:  # a grader runs the checks, which knows more and explains it itself
        return ""
    try:
        sentence = _recognised(function)
    except Exception:  # the advice is extra: whatever the answer does, the check has its own sentence
        return ""
    return f"{_LIKE}{sentence}" if sentence else ""


def _first(function: str, uses: tuple[str, ...]) -> str:
    """Which functions to correct first, if some that this one builds on fail their own checks."""
    waiting = [f"`{name}`" for name in uses if _state(name) not in ("passed", "")]
    if not waiting:
        return ""
    names, is_one = " and ".join(waiting), len(waiting) == 1
    words = (
        "does not pass its own checks yet: correct it first. If you have done so, run its checks again."
        if is_one
        else "do not pass their own checks yet: correct them first. If you have done so, run their checks again."
    )
    return f"`{function}` builds on {names}. {names} {words}"


def _recognised(function: str) -> str:
    """The sentence for a known mistake that gives the same values as the student's function; or nothing."""
    known = json.loads(zlib.decompress(base64.b64decode(_HINTS))).get(function) if _HINTS else None
    if not known:
        return ""
    codes = fingerprints(function, known["calls"], known["other_calls"], known["parts"])
    return next((known["sentences"][code] for code in codes if code in known["sentences"]), "")


def fingerprints(function: str, calls: list[Any], other_calls: list[Any], parts: int) -> list[str]:
    """Short codes for what a function does, in all of these calls and in the first ones; none for calls that fail.

    Two functions that do the same have the same codes.

    Args:
        function: its name.
        calls: the arguments of ordinary calls, as Python writes them, with the values of names they are made with.
        other_calls: the same for calls that some answers cannot take, of other shapes for example.
        parts: how many values it should return, 0 for a single one.
    """
    ordinary = [_behaviour(function, arguments, values, parts) for arguments, values in calls]
    other = [_behaviour(function, arguments, values, parts) for arguments, values in other_calls]
    return [
        hashlib.sha256(repr(each).encode()).hexdigest()[:12]
        for each in (ordinary + other, ordinary)
        if None not in each
    ]


def _behaviour(function: str, arguments: str, values: dict[str, Any], parts: int) -> Any:
    """What one call returns, in numbers that small differences of rounding do not change; None when it fails."""
    handed_over = eval(f"({arguments},)", {"np": np})
    before = repr(handed_over)
    with given(**values), contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        try:
            answer = globals()[function](*handed_over)
        except Exception:
            return None
    if parts and isinstance(answer, tuple | list | np.ndarray) and len(answer) == parts:
        return [*(_rounded(np.ravel(part)) for part in answer), repr(handed_over) == before]
    return [_rounded(answer), repr(handed_over) == before]


def _rounded(value: Any) -> Any:
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return type(value).__name__
    if array.size == 1 and array.ndim > 1:
        array = array.reshape(-1)
    return array.shape, [f"{round(number, 7) + 0.0:.5g}" for number in array.ravel().tolist()]
