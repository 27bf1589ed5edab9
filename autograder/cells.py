"""What each cell of an assignment is for: its role, the grammar of its grade id, and the regions it hides.

It is apart from `notebook`, which reads and writes files: these questions are asked about cells everywhere, also on a
machine that has no file of the course, and together they would be too much for one module.
"""

from __future__ import annotations

import contextlib
import functools
import re
import symtable
from collections.abc import Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass
from typing import Any

from autograder.magics import python_of

_KEY = "nbgrader"
HIDDEN_TESTS, MARK_SCHEME, SOLUTION = "HIDDEN TESTS", "MARK SCHEME", "SOLUTION"
"""The regions that nbgrader takes out of what is handed out, by the words in their markers."""

_BEGIN, _END = "BEGIN {}", "END {}"
"""As nbgrader does: a line is a marker when it has these words, whatever stands around them."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a cell is for, according to nbgrader's metadata; a student's own cell has none, so all of it is false."""

    metadata: Mapping[str, Any]

    def __bool__(self) -> bool:
        """Whether the cell is the instructor's."""
        return bool(self.metadata)

    @property
    def grade_id(self) -> str:
        """Its name in the assignment; empty for a cell that has none."""
        return str(self.metadata.get("grade_id") or "")

    @property
    def points(self) -> float:
        """What it is worth; raises ValueError or TypeError when the metadata holds something else."""
        return float(self.metadata.get("points", 0))

    @property
    def is_answer(self) -> bool:
        """Whether the student writes into it, in code or in words."""
        return bool(self.metadata.get("solution"))

    @property
    def is_task(self) -> bool:
        """Whether it asks for work that is done outside of it and marked by a person."""
        return bool(self.metadata.get("task"))

    @property
    def is_graded(self) -> bool:
        """Whether it has points of its own: a check, or an answer in words."""
        return bool(self.metadata.get("grade"))

    @property
    def is_check(self) -> bool:
        """Whether it judges the student's answers."""
        return self.is_graded and not self.is_answer

    @property
    def is_marked_by_hand(self) -> bool:
        """Whether a person gives its points: an answer in words, or a task."""
        return self.is_task or (self.is_graded and self.is_answer)

    @property
    def is_locked(self) -> bool:
        """Whether the student may not change it; nbgrader puts a check back whatever its metadata say."""
        return not self.is_answer and (self.is_graded or bool(self.metadata.get("locked")))

    @property
    def is_given(self) -> bool:
        """Whether it is locked and not graded: both sides run it."""
        return self.is_locked and not self.is_check


def role(cell: Mapping[str, Any]) -> Role:
    """The role of a cell of a notebook; a cell with broken metadata has none."""
    found = cell["metadata"].get(_KEY)
    return Role(found if isinstance(found, dict) else {})


_SCHEMA = 3
_GRADE_ID = re.compile(r"[a-zA-Z0-9_-]{1,128}")
_TRUTHS = ("grade", "solution", "locked", "task")


def metadata_problem(cells: Iterable[Mapping[str, Any]]) -> str:
    """What is wrong with nbgrader's metadata in an instructor's notebook, as a sentence; empty when it is sound."""
    names = set[str]()
    for number, cell in enumerate(cells, 1):
        metadata = cell["metadata"].get(_KEY, {})
        if problem := _problem(metadata):
            name = metadata.get("grade_id") if isinstance(metadata, dict) else None
            return (
                f"cell {number} ({name!r}) {problem}."
                if isinstance(name, str) and name
                else f"cell {number} {problem}."
            )
        if name := role(cell).grade_id:
            if name in names:
                return f"two cells have the grade id '{name}'; each needs one of its own."
            names.add(name)
    return ""


def _problem(metadata: object) -> str:
    if not isinstance(metadata, dict):
        return "has nbgrader metadata that is not an object"
    if not metadata:
        return ""
    version, name, points = (metadata.get(key) for key in ("schema_version", "grade_id", "points"))
    if type(version) is not int or version > _SCHEMA:
        return f"has the schema version {version!r} in its nbgrader metadata; it should be {_SCHEMA}"
    if version < _SCHEMA:
        return "has metadata of an older nbgrader; `nbgrader update source` brings it up to date"
    if not any(metadata.get(key) for key in _TRUTHS):  # one of the student's own
        return ""
    if not isinstance(name, str) or not _GRADE_ID.fullmatch(name):
        return "needs a grade id of letters, digits, '-' and '_'"
    for key in _TRUTHS:
        if not isinstance(metadata.get(key, False if key == "task" else None), bool):
            return f"says {metadata.get(key)!r} for '{key}'; it should be true or false"
    if not (metadata["grade"] or metadata.get("task")):
        return ""
    if isinstance(points, int | float) and not isinstance(points, bool) and 0 <= points < float("inf"):
        return ""
    return f"has {points!r} for points; it should be a number"


NOT_WHEN_GRADING = "not-when-grading"
"""The tag of a cell that only draws or sums up for the student: it is not run while a class is graded."""


def is_run(cell: Mapping[str, Any]) -> bool:
    """Whether a code cell is run while it is graded; a cell of the instructor's is, whatever its tags."""
    tags = cell["metadata"].get("tags")
    return bool(role(cell)) or not (isinstance(tags, list) and NOT_WHEN_GRADING in tags)


def set_role(cell: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
    """Set nbgrader's metadata of a cell."""
    cell["metadata"][_KEY] = metadata


def drop_role(cell: Mapping[str, Any]) -> None:
    """Make a cell one of the student's own."""
    cell["metadata"].pop(_KEY, None)


def grade_ids(cells: Iterable[Mapping[str, Any]]) -> list[str]:
    """The grade ids of `cells`, in their order."""
    return [name for cell in cells if (name := role(cell).grade_id)]


def answers(cells: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The functions that an assignment asks for: by convention, the grade ids of the answers among its code cells."""
    roles = (role(cell) for cell in cells if cell["cell_type"] == "code")
    return frozenset(each.grade_id for each in roles if each.is_answer)


def cell_prefix(notebook: str, notebooks: Sized) -> str:
    """What stands before a grade id in the name that a cell has in its assignment, which has these notebooks.

    Grade ids need be unique only in a notebook, so the notebook's name stands there where an assignment has several.
    """
    return f"{notebook}/" if len(notebooks) > 1 else ""


FUNCTION = re.compile(r"[a-z][a-z0-9_]*")
CHECK = re.compile(r"(?P<function>[a-z][a-z0-9_]*)(-[a-z]+)?-(?P<kind>shown|hidden)")
GIVEN = re.compile(r"given-[a-z]+")
QUESTION = re.compile(r"question-[a-z]+")
"""The grammar of grade ids, which the lint requires; other courses may have grade ids of any form."""

SHOWN, HIDDEN = "shown", "hidden"


def grammar(cell_role: Role, is_code: bool) -> re.Pattern[str]:
    """The form that the grade id of such a cell must have."""
    if cell_role.is_answer:
        return FUNCTION if is_code else QUESTION
    return CHECK if cell_role.is_graded else GIVEN


def function_of(grade_id: str) -> str:
    """The function that a check judges: by convention, what its grade id begins with."""
    return grade_id.split("-")[0]


def kind_of(grade_id: str) -> str:
    """The last word of a check's grade id where that is `shown` or `hidden`, else nothing."""
    last = grade_id.rpartition("-")[2]
    return last if last in (SHOWN, HIDDEN) else ""


def owner_of(grade_id: str, names: Iterable[str], default: str = "") -> str:
    """The answer among `names` that a check belongs to: the longest with which its grade id begins."""
    return max((name for name in names if grade_id.startswith(f"{name}-")), key=len, default=default)


_MADE_UP = re.compile(r"cell-[0-9a-f]{8,}")


def is_made_up(grade_id: str) -> bool:
    """Whether nbgrader made the grade id up, so that it says nothing to anybody."""
    return bool(_MADE_UP.fullmatch(grade_id))


def aspect_of(grade_id: str, owner: str) -> str:
    """What a check of `owner` looks at in particular, in the words of its grade id; nothing when it looks at all."""
    if is_made_up(grade_id):
        return ""
    return " ".join(word for word in _words(grade_id, owner) if word not in (SHOWN, HIDDEN)).replace("_", " ")


def is_hidden(grade_id: str, owner: str, source: str) -> bool:
    """Whether a check of `owner` is hidden: by its grade id, else when nothing was handed out but comments."""
    if (last := _words(grade_id, owner)[-1]) in (SHOWN, HIDDEN):
        return last == HIDDEN
    return bool(hidden_lines(source)) and hides_all_its_code(source)


def _words(grade_id: str, owner: str) -> list[str]:
    return grade_id.removeprefix(f"{owner}-").split("-") if grade_id.startswith(f"{owner}-") else [grade_id]


def hidden_lines(source: str, words: str = HIDDEN_TESTS) -> frozenset[int]:
    """The numbers, from 1, of the lines of hidden regions, markers included; an open region goes to the end."""
    begin, end = _BEGIN.format(words), _END.format(words)
    hidden, is_inside = set(), False
    for number, line in enumerate(source.split("\n"), 1):
        is_inside = is_inside or begin in line
        if is_inside:
            hidden.add(number)
        is_inside = is_inside and end not in line
    return frozenset(hidden)


def without_hidden(source: str, words: str = HIDDEN_TESTS) -> str:
    """`source` without its hidden regions."""
    hidden = hidden_lines(source, words)
    return "\n".join(line for number, line in enumerate(source.split("\n"), 1) if number not in hidden)


def as_handed_out(source: str) -> str:
    """What students receive of the source of a locked cell."""
    return without_hidden(without_hidden(source), MARK_SCHEME)


_NO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def squeezed(text: str) -> str:
    """`text` without white space and titles: two cells that differ only in what an editor did to it are the same."""
    text = without_title(text)
    return "".join((text if text.isascii() else text.translate(_NO_WIDTH)).split())


_TITLE = re.compile(r"[ \t]*#[ \t]*@title\b")


def without_title(source: str) -> str:
    """`source` without the comments that Colab shows as the title of a folded cell."""
    if "@title" not in source:
        return source
    return "".join(line for line in source.splitlines(keepends=True) if not _TITLE.match(line)).rstrip("\n")


def fold_in_colab(cell: dict[str, Any]) -> None:
    """Fold a code cell in Colab, too, if Jupyter folds it; what its first line says becomes its title there.

    Jupyter shows the first line of a folded cell. Colab shows the comment `# @title`, which therefore comes last.
    """
    if cell["cell_type"] != "code" or not _is_folded(cell):
        return
    cell["metadata"]["cellView"] = "form"
    first = cell["source"].partition("\n")[0]
    if first.startswith("# ") and "@title" not in cell["source"]:
        cell["source"] += f"\n\n# @title {first.removeprefix('# ')}"


def _is_folded(cell: Mapping[str, Any]) -> bool:
    found = cell["metadata"].get("jupyter")
    return isinstance(found, dict) and found.get("source_hidden") is True


def blanked(source: str) -> str:
    """`source` with an empty line for each hidden one, so that the others keep their numbers."""
    hidden = hidden_lines(source)
    return "\n".join("" if number in hidden else line for number, line in enumerate(source.split("\n"), 1))


def hides_all_its_code(source: str) -> bool:
    """Whether nothing but comments of a cell was handed out."""
    return all(line.strip()[:1] in ("", "#") for line in blanked(source).splitlines())


def regions(source: str, words: str) -> list[str]:
    """The text of each region of `source` whose markers have these `words`, without the markers."""
    return [match[1] for match in _region(words).finditer(source)]


def region_lines(source: str, words: str) -> set[int]:
    """The numbers of the lines in such regions; the first line of `source` is 1."""
    return {
        number
        for match in _region(words).finditer(source)
        for number in range(source.count("\n", 0, match.start(1)) + 1, source.count("\n", 0, match.end(1)) + 1)
    }


def _region(words: str) -> re.Pattern[str]:
    begin, end = re.escape(_BEGIN.format(words)), re.escape(_END.format(words))
    return re.compile(rf"{begin}[^\n]*\n((?:(?![^\n]*{end})[^\n]*\n)*)[^\n]*{end}")


def rubric(source: str) -> str:
    """How a person gives the points of an answer: by nbgrader's word for it, the mark scheme in its cell."""
    return "\n\n".join(map(str.strip, regions(source, MARK_SCHEME)))


def model_answer(cell: Mapping[str, Any]) -> str:
    """The answer that the author wrote into the cell of the source, without its rubric; nothing for a task."""
    if not (found := role(cell)).is_answer or found.is_task:
        return ""
    texts = regions(cell["source"], SOLUTION) or [cell["source"]]  # without markers, all of the cell is the solution
    return "\n\n".join(without_hidden(text, MARK_SCHEME).strip() for text in texts)


def is_marker(line: str) -> bool:
    """Whether a line is the beginning or the end of a region."""
    return any(form.format(words) in line for form in (_BEGIN, _END) for words in (HIDDEN_TESTS, MARK_SCHEME, SOLUTION))


@functools.lru_cache(maxsize=1000)
def defined_names(source: str) -> frozenset[str]:
    """The names that the code of a cell binds, outside of functions and classes; none when it is not Python."""
    with contextlib.suppress(SyntaxError):
        return frozenset(_bound(symtable.symtable(python_of(source), "<cell>", "exec")))
    return frozenset()


def _bound(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_assigned() or symbol.is_imported():
            yield symbol.get_name()
