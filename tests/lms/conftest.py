"""A class that was collected from two learning platforms and graded."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.config import course_config
from autograder.lms.collect import carry_out, planned
from tests.conftest import copy_course, grade_class
from tests.lms.downloads import SOLVED, UNTOUCHED, Files, canvas, moodle, zipped

FROM_CANVAS = [
    (canvas("Lovelace, Ada", 12345, 6789012, "backprop.ipynb"), SOLVED),
    (canvas("Gödel, Kurt", 12347, 6789014, "backprop-2.ipynb", late=True), UNTOUCHED),
    (canvas("Gödel, Kurt", 12347, 6789010, "backprop-1.ipynb"), SOLVED),
    ("team_5_12350_6789020_backprop (1).ipynb", SOLVED),
    (canvas("", "Ab3xY", 6789030, "backprop.ipynb"), UNTOUCHED),
]
GROUPS = "name,canvas_user_id,user_id,login_id,sections,group_name\nEmmy,12350,,,A,Team_5\nSofia,12351,,,A,Team_5\n"
FROM_MOODLE = [
    (moodle("Zoë Müller", 501, "backprop (1).ipynb"), SOLVED),
    (moodle("Ada Byron", 502, "backprop.ipynb", "_"), UNTOUCHED),
    (moodle("Ada Byron", 503, "backprop.ipynb"), SOLVED),
    ("Participant_504_assignsubmission_file_backprop.ipynb", UNTOUCHED),
    (moodle("Team B", 501007, "backprop.ipynb"), SOLVED),
]


def collect(course: Path, files: Files, roster: Path | None = None) -> None:
    """Collect a zip of these files as backprop."""
    with planned(course, "backprop", zipped(course / "download.zip", files), roster=roster) as plan:
        carry_out(plan)


@pytest.fixture(scope="session")
def returned_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Backprop of both classes, collected and graded; the answers in words are still to be marked."""
    course = copy_course(tmp_path_factory.mktemp("return") / "course", "backprop")
    (course / "groups.csv").write_text(GROUPS)
    collect(course, [each for each in FROM_CANVAS if each[0].startswith("team")], course / "groups.csv")
    collect(course, [each for each in FROM_CANVAS if not each[0].startswith(("team", "anon"))])
    collect(course, [each for each in FROM_CANVAS if each[0].startswith("anon")])
    collect(course, FROM_MOODLE)
    results = grade_class(course, "backprop")
    assert all(result.score for result in results.values())
    return course


@pytest.fixture
def collected(returned_once: Path, tmp_path: Path) -> Path:
    """A copy of that class, to change."""
    course = Path(shutil.copytree(returned_once, tmp_path / "course"))
    assert str(course) in course_config(course).CourseDirectory.db_url
    return course
