"""What replaces a function of a library because that takes too long; all of it for the grader, in one place.

Nothing here means anything of its own: each function says which function of a library it replaces, what that saves
and which test proves the two equal. It can be replaced by the library's own at any time, and then things only take
longer. What student processes have of this kind is in `autograder.student.fast`. Libraries are imported by the
functions that need them, since commands import this module before they start anything.
"""

from __future__ import annotations

import functools
import importlib.util
import re
import sys
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec

_GRAMMARS = ("rfc3987_syntax", "rfc3986_validator", "isoduration")


def skip_address_grammars() -> None:
    """Let jsonschema do without the packages by which it checks addresses and times.

    Replaces their import by `jsonschema._format`, which does without those that are missing. Building their grammars
    takes more than a second of every command, where they are installed. The schema of notebooks asks for no such check:
    `tests/test_fast.py::test_the_schema_of_notebooks_checks_no_formats`.
    """
    for grammar in _GRAMMARS:
        sys.modules.setdefault(grammar, None)  # type: ignore[arg-type]


_PAGES = ("assignment_list", "course_list", "formgrader", "validate_assignment")


def import_nbgrader() -> None:
    """Import nbgrader without its web pages, unless it is imported already.

    Replaces `import nbgrader`, which imports a web server for them: more than a second of every command. The pages
    can be imported afterwards: `tests/test_fast.py::test_web_pages_can_be_imported_after_nbgrader`.
    """
    if "nbgrader" in sys.modules:
        return
    names = [f"nbgrader.server_extensions.{page}" for page in _PAGES]
    for name in names:
        sys.modules[name] = types.ModuleType(name)
        vars(sys.modules[name])["load_jupyter_server_extension"] = None
    try:
        import nbgrader  # noqa: F401
    finally:
        for name in names:
            del sys.modules[name]


class _Deferred(types.ModuleType):
    """A package that runs its `__init__` once something is asked of it that is neither there nor a module below it."""

    def __getattr__(self, name: str) -> Any:
        outer = sys.modules.get(self.__name__.rpartition(".")[0])
        is_part = outer is None and not name.startswith("__")
        if is_part and importlib.util.find_spec(f"{self.__name__}.{name}"):
            return importlib.import_module(f"{self.__name__}.{name}")
        for module in (outer, self):  # as Python does, the outer one first
            if isinstance(module, _Deferred) and (spec := module.__spec__) and spec.loader:
                module.__class__ = types.ModuleType  # type: ignore[assignment]
                spec.loader.exec_module(module)
        return getattr(self, name)


def defer_packages() -> None:
    """Let what nbgrader imports and our commands do not need be imported when it is asked for.

    Replaces the import of `nbconvert/__init__.py`, which imports all formats to which it converts, with what parses and
    draws them, and that of `requests`, which asks a JupyterHub: a quarter of a second of every command.
    `tests/test_fast.py::test_deferred_packages_are_whole_when_they_are_asked_for`.
    """
    for name in ("nbconvert", "nbconvert.exporters", "requests"):
        if name not in sys.modules and (spec := importlib.util.find_spec(name)):
            package = sys.modules[name] = importlib.util.module_from_spec(spec)
            package.__class__ = _Deferred
            outer, _, own = name.rpartition(".")
            if outer:
                setattr(sys.modules[outer], own, package)


_REVISION = re.compile(r"""^(revision|down_revision) = ['"](\w+)['"]""", re.MULTILINE)


def newest_schema() -> str:
    """The version of nbgrader's database schema: the one that no other builds on.

    Replaces `alembic.script.ScriptDirectory.get_current_head`; importing alembic takes half a second.
    `tests/test_fast.py::test_the_newest_schema_is_what_alembic_says`.
    """
    known = schemas()
    newest: str
    (newest,) = known.keys() - known.values()
    return newest


@functools.cache
def schemas() -> Mapping[str, str]:
    """All versions of nbgrader's database schema, each with the one that it builds on."""
    import nbgrader

    steps = (Path(nbgrader.__file__).parent / "alembic" / "versions").glob("*.py")
    named = [dict(_REVISION.findall(step.read_text(encoding="utf-8"))) for step in steps]
    return {step["revision"]: step.get("down_revision", "") for step in named}


def notebook_text(notebook: Any) -> str:
    """The text of a notebook as a file holds it. The sources in `notebook` are lists of lines afterwards.

    Replaces `nbformat.writes`, which copies the notebook first: 3 of its 3.5 ms for each
    submission. What is not a number becomes null, as in JSON. Raises UnicodeEncodeError for text that no file can hold.
    `tests/test_fast.py::test_a_notebook_is_written_as_nbformat_writes_it`.
    """
    from nbformat.v4.rwbase import split_lines, strip_transient

    plain = split_lines(strip_transient(notebook))
    return msgspec.json.format(msgspec.json.encode(plain, order="sorted"), indent=1).decode()


def new_output(kind: str, **fields: Any) -> Any:
    """An output of a cell.

    Replaces `nbformat.v4.new_output`, which checks each against the schema: 0.1 ms for each graded cell.
    `tests/test_fast.py::test_an_output_is_made_as_nbformat_makes_it`.
    """
    import nbformat

    return nbformat.from_dict({"output_type": kind, **fields})


class _Output(msgspec.Struct, tag_field="output_type", forbid_unknown_fields=True):
    """An output as notebooks store it."""


class _Stream(_Output, tag="stream"):
    name: str
    text: str


class _Error(_Output, tag="error"):
    ename: str
    evalue: str
    traceback: list[str]


class _Display(_Output, tag="display_data"):
    data: dict[str, str]
    metadata: dict[str, Any]


class _Result(_Output, tag="execute_result"):
    data: dict[str, str]
    metadata: dict[str, Any]
    execution_count: Annotated[int, msgspec.Meta(ge=0)] | None


def is_usual_output(output: dict[str, Any]) -> bool:
    """Whether `output` is surely valid; of all others the schema has to decide.

    Replaces `nbformat.validate` for what cells usually display, in a tenth of its 0.1 ms for each output.
    `tests/test_fast.py::test_a_usual_output_is_valid`.
    """
    try:
        msgspec.convert(output, _Stream | _Error | _Display | _Result)
    except (msgspec.ValidationError, RecursionError):
        return False
    return True


_RELATIVE, _ABSOLUTE = 1e-5, 1e-8


def all_close(one: Any, other: Any) -> bool:
    """Whether two arrays of numbers have the same shape and agree, missing numbers with missing numbers.

    Replaces `numpy.allclose(one, other, equal_nan=True)` in half of its 0.03 ms for each call of each known mistake,
    which is longer than most of what is compared took to compute.
    `tests/test_fast.py::test_arrays_are_close_as_numpy_says`.
    """
    if one.shape != other.shape:
        return False
    same = one == other
    if not same.all():
        same |= (abs(one - other) <= _ABSOLUTE + _RELATIVE * abs(other)) & (abs(other) != float("inf"))
        same |= (one != one) & (other != other)
    return bool(same.all())
