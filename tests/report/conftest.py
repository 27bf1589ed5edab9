"""Classes that have been graded, what a newer grader would write into their notebooks, and a browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.config import course_config
from autograder.judge.mistakes import Mistake
from autograder.notebook import fill_in
from tests.conftest import REPOSITORY, cell, copy_course, edit, grade_class, hand_in

PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>parent.x=1</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' jav\tascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<div style='position:fixed;inset:0;background:url(http://evil.example/)' class=passed id=main>x</div>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    "<math href='javascript:alert(1)'><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<style>* { display: none }</style><link rel=stylesheet href=//evil.example><base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<form action=http://evil.example><input name=a><button>go</button></form>",
    "<object data=x></object><embed src=x><video src=http://evil.example/x></video><audio src=x></audio>",
    "<img src='http://evil.example/x.png'><img srcset='http://evil.example/x.png 2x'>",
    "<img src='data:image/svg+xml,<svg/onload=alert(1)>'>",
    "<details open ontoggle=alert(1)>x</details><template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script>-->",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<table background=http://evil.example/><td background=http://evil.example/>x</table>",
    r"$\href{javascript:alert(1)}{x} \text{<script>alert(1)</script>} \style{position:fixed}{y} \class{passed}{z}$",
    "$$ <img src=x onerror=alert(1)> $$",
    "[x](javascript:alert(1)) ![x](http://evil.example/x.png) <http://ok.example>",
    "\x1b]0;title\x07\x1b[31mred\x1b[0m \x00\x08",
]
"""HTML that must do nothing on a page."""

KNOWN = {
    "off-unit": Mistake(
        "off-unit", "backward", "A unit that is off still passes its derivative on.", "section 2, relu'(z)", ""
    ),
    "wrong-sign": Mistake(
        "wrong-sign", "backward", "The derivative has the opposite sign.", "section 2, the first line", ""
    ),
}


@pytest.fixture(scope="session")
def graded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Backprop, graded: grace is right and waits for a person, document fails one check, blank answers nothing."""
    course = copy_course(tmp_path_factory.mktemp("class") / "course", "backprop")
    release = REPOSITORY / "release" / "backprop" / "backprop.ipynb"
    for student in ("grace", "document", "blank"):
        poured = course / f"{student}.ipynb"
        nbformat.write(fill_in(release, REPOSITORY / "examples" / "submissions" / student / "backprop.py"), poured)
        hand_in(course, student, poured, "backprop")
    grade_class(course, "backprop")
    return course


@pytest.fixture
def graded(graded_once: Path, tmp_path: Path) -> Path:
    """A copy of that class, to change."""
    return Path(shutil.copytree(graded_once, tmp_path / "graded"))


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two mistakes of backprop."""
    for module in ("feedback", "class_report"):
        monkeypatch.setattr(f"autograder.report.{module}.named", lambda assignment, name: KNOWN.get(name))


def notebook_of(course: Path, student: str) -> Path:
    """Where the graded notebook of `student` lies."""
    return course / "grading" / "autograded" / student / "backprop" / "backprop.ipynb"


def page_of(course: Path, student: str) -> Path:
    """Where the feedback page of `student` belongs."""
    return course / "grading" / "feedback" / student / "backprop" / "backprop.html"


def tell(course: Path, student: str, grade_id: str, **found: object) -> None:
    """Write into a graded notebook what the grader found out about one check."""
    path = notebook_of(course, student)
    edit(path, lambda notebook: cell(notebook, grade_id).metadata.update(autograder=found))


def gradebook(course: Path) -> Gradebook:
    """The gradebook of a course."""
    return Gradebook(course_config(course).CourseDirectory.db_url)
