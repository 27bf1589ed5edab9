"""Nothing that a hidden check asked reaches what a student reads.

Each notebook is graded in two courses whose hidden checks ask other things. Whatever its student may read must be the
same in both, but for which checks passed.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import nbformat
import pytest

from tests.conftest import cell, edit
from tests.isolation.classroom import (
    COMMANDS,
    answering,
    behind,
    course_of,
    grade,
    graded,
    notebook,
    readable,
    several,
)

_KEEPING = """\
kept = []
def relu(z):
    kept.extend(np.ravel(z).tolist())
{more}
    return np.maximum(z, 0)
"""
_SHOWING = (
    "print(kept)",
    "kept",
    "from IPython.display import HTML\nHTML(str(kept))",
    "raise ValueError(kept)",
    "open('kept.txt', 'a').write(str(kept)); print(open('kept.txt').read())",
    "import os; print(os.environ.get('KEPT'), getattr(np, 'kept', None), globals().get('other'))",
)
_RAISING = "\n".join(f"    if at == {at}: raise ValueError({at})" for at in range(40))
_THREAD = """\
    import threading
    if 1e12 in kept:  # which only the hidden check asks
        threading.Timer(0.01, lambda: print(kept)).start()"""
LEAKS = {
    "a later cell prints it": several(answering(relu=_KEEPING.format(more="")), behind("relu-hidden", *_SHOWING)),
    "it is kept elsewhere": several(
        answering(
            relu=_KEEPING.format(
                more="    import os; os.environ['KEPT'] = str(kept); np.kept = kept\n    globals().update(other=kept)"
            )
        ),
        behind("relu-hidden", *_SHOWING),
    ),
    "a thread prints it later": several(
        answering(relu=_KEEPING.format(more=_THREAD)), behind("relu-hidden", "import time; time.sleep(0.05)")
    ),
    "a later shown check quotes it": answering(
        relu=_KEEPING.format(more=""),
        add_bias="def add_bias(x):\n    return np.array([sum(kept), *kept[:20]])",
        forward="def forward(x, w, v):\n    return sum(kept), kept[-1], kept[-2], kept[-3]",
        calc_o1="def calc_o1(a1, v):\n    return np.array(kept), np.array(kept)",
        softmax_with_temp="def softmax_with_temp(x, t):\n    raise ValueError(kept)",
    ),
    "the line that raises tells it": answering(
        relu=_KEEPING.format(more=f"    at = int(abs(sum(kept)) * 1000) % 40\n{_RAISING}")
    ),
    "the text and the type of what is raised tell it": answering(
        relu=_KEEPING.format(more="    raise type(f'E{int(abs(sum(kept)) * 1000)}', (ValueError,), {})(str(kept))")
    ),
}


def _ask_other_things(made: nbformat.NotebookNode) -> None:
    """Change the numbers of relu's hidden check, and nothing of what it expects of a right answer."""
    check = cell(made, "relu-hidden")
    assert "default_rng(1)" in check.source
    check.source = check.source.replace("default_rng(1)", "default_rng(101)").replace("-15]))", "-16]))")


@pytest.fixture(scope="module", params=COMMANDS[:1])  # by both in test_ways_out.py
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The two courses, graded, with pages for everybody."""
    courses = []
    for name in ("one", "other"):
        made = {student.replace(" ", "-"): notebook("feedforward", change) for student, change in LEAKS.items()}
        course = course_of(tmp_path_factory.mktemp(name) / "course", made, "feedforward")
        if name == "other":
            edit(course / "source" / "feedforward" / "feedforward.ipynb", _ask_other_things)
        grade(course, request.param, ["feedforward"])
        subprocess.run(
            ["autograder", "--root", str(course), "feedback", "feedforward"], check=True, capture_output=True
        )
        courses.append(course)
    return courses


@pytest.mark.xdist_group("hidden inputs")
@pytest.mark.parametrize("leak", LEAKS)
def test_what_a_student_reads_does_not_depend_on_what_hidden_checks_asked(both: list[Path], leak: str) -> None:
    """Outputs of cells, sentences, and the feedback page."""
    student = leak.replace(" ", "-")
    one, other = (graded(course, student, "feedforward") for course in both)
    assert readable(one) == readable(other)
    pages = [course / "grading" / "feedback" / student / "feedforward" / "feedforward.html" for course in both]
    assert pages[0].read_text() == pages[1].read_text()
