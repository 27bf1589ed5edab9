"""Entering what was graded: the same rows however often, on either database, with whatever a person added kept."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from traitlets.config import Config

from autograder.config import course_config
from autograder.gradebook.read import digests, scores
from autograder.gradebook.write import Entry, Writer, register
from autograder.models import CourseError, Graded, Outcome, Verdict
from autograder.notebook import read
from autograder.source import master_cells
from tests.conftest import cell, edit
from tests.gradebook.postgresql import server
from tests.gradebook.rows import rows


@pytest.fixture(params=["sqlite", "postgresql"])
def config(request: pytest.FixtureRequest, course: Path) -> Iterator[Config]:
    """The settings of a course with an empty gradebook that knows backprop."""
    made = course_config(course)
    source = read(course / "source" / "backprop" / "backprop.ipynb")
    if request.param == "sqlite":
        register(made, "backprop", {"backprop": source}, "first")
        yield made
        return
    with server() as running:
        made.CourseDirectory.db_url = running.url("gradebook")
        register(made, "backprop", {"backprop": source}, "first")
        yield made


def entry(student: str, *, passed: bool = True, timestamp: datetime | None = None, digest: str = "d") -> Entry:
    """A submission of backprop in which one check passed, one did not, and one could not be judged."""
    verdicts = (
        Verdict("forward-hidden", Outcome.PASSED if passed else Outcome.FAILED, 4.0 if passed else 0.0, 4.0),
        Verdict("backward-shown", Outcome.FAILED, 0.0, 1.0),
        Verdict("backward-hidden", Outcome.UNJUDGED, 0.0, 4.0),
    )
    graded = Graded(student, "{}", verdicts, frozenset({"question-inactive"}))
    return Entry(graded, digest, timestamp)


def test_scores_comments_and_digests_are_entered(config: Config) -> None:
    """Points for what passed, none for what did not, a person's turn for what could not be judged."""
    url = config.CourseDirectory.db_url
    Writer(config, "backprop").write([entry("ada"), entry("grace", passed=False)])
    with Gradebook(url) as gradebook:
        found = {
            name: gradebook.find_grade(name, "backprop", "backprop", "ada")
            for name in ("forward-hidden", "backward-shown", "backward-hidden", "question-inactive")
        }
        assert [grade.auto_score for grade in found.values()] == [4, 0, None, 0]
        assert [grade.needs_manual_grade for grade in found.values()] == [False, False, True, False]
        comment = gradebook.find_comment("question-inactive", "backprop", "backprop", "ada")
        assert comment.auto_comment == "No response."
    assert digests(url, "backprop") == {"ada": "d", "grace": "d"}
    assert scores(url, "backprop", ["ada", "grace", "nobody"]).keys() == {"ada", "grace"}
    assert scores(url, "backprop", ["ada"])["ada"].points == 4


def test_entering_twice_changes_nothing(config: Config) -> None:
    """Row for row, also when the second time is another writer's."""
    batch = [entry(f"student {number}") for number in range(20)]
    Writer(config, "backprop").write(batch)
    once = rows(config.CourseDirectory.db_url)
    Writer(config, "backprop").write(batch)
    assert rows(config.CourseDirectory.db_url) == once


def test_what_a_person_gave_is_kept_and_marked_for_review(config: Config) -> None:
    """A score and a comment by hand outlive a regrade; the score waits to be looked at again."""
    url = config.CourseDirectory.db_url
    writer = Writer(config, "backprop")
    writer.write([entry("ada")])
    with Gradebook(url) as gradebook:
        gradebook.find_grade("backward-shown", "backprop", "backprop", "ada").manual_score = 0.5
        gradebook.find_comment("backward", "backprop", "backprop", "ada").manual_comment = "well tried"
        gradebook.db.commit()
    writer.write([entry("ada", passed=False)])
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade("backward-shown", "backprop", "backprop", "ada")
        assert (grade.manual_score, grade.score, grade.needs_manual_grade) == (0.5, 0.5, True)
        assert gradebook.find_grade("forward-hidden", "backprop", "backprop", "ada").auto_score == 0
        assert gradebook.find_comment("backward", "backprop", "backprop", "ada").comment == "well tried"


def test_lateness_costs_what_the_settings_say(config: Config) -> None:
    """Nbgrader's own plug-in decides; a submission that becomes punctual loses its penalty."""
    url = config.CourseDirectory.db_url
    with Gradebook(url) as gradebook:
        gradebook.find_assignment("backprop").duedate = datetime(2026, 1, 1)
        gradebook.db.commit()
    config.LateSubmissionPlugin.penalty_method = "zero"
    writer = Writer(config, "backprop")
    writer.write([entry("late", timestamp=datetime(2026, 1, 2)), entry("early", timestamp=datetime(2025, 12, 31))])
    assert penalties(url) == {"late": 4, "early": None}
    writer.write([entry("late", timestamp=datetime(2025, 12, 30))])
    assert penalties(url) == {"late": None, "early": None}


@pytest.mark.parametrize("extension", [None, timedelta(days=7)])
def test_a_penalty_follows_a_due_date_and_an_extension_that_change_after_grading(
    config: Config, extension: timedelta | None
) -> None:
    """It comes with the due date, goes with an extension, and goes when the due date is removed."""
    url = config.CourseDirectory.db_url
    config.LateSubmissionPlugin.penalty_method = "zero"
    writer = Writer(config, "backprop")
    writer.write([entry("ada", timestamp=datetime(2026, 1, 2)), entry("grace")])
    for due, expected in (
        (None, None),
        (datetime(2026, 1, 1), None if extension else 4),
        (datetime(2026, 2, 1), None),
        (datetime(2025, 1, 1), 4),
        (None, None),
    ):
        with Gradebook(url) as gradebook:
            gradebook.find_assignment("backprop").duedate = due
            gradebook.find_submission("backprop", "ada").extension = extension
            gradebook.db.commit()
        writer.update_penalties()
        assert penalties(url) == {"ada": expected, "grace": None}
        assert scores(url, "backprop", ["ada"])["ada"].total == 4 - (expected or 0)


def test_the_score_that_is_shown_is_the_one_that_nbgrader_counts(config: Config) -> None:
    """Marks by hand on checks and on answers, extra credit and the penalty included."""
    url = config.CourseDirectory.db_url
    Writer(config, "backprop").write([entry("ada")])
    with Gradebook(url) as gradebook:
        gradebook.find_grade("backward-shown", "backprop", "backprop", "ada").manual_score = 0.5
        gradebook.find_grade("question-inactive", "backprop", "backprop", "ada").manual_score = 3
        gradebook.find_grade("forward-hidden", "backprop", "backprop", "ada").extra_credit = 1
        gradebook.find_submission_notebook("backprop", "backprop", "ada").late_submission_penalty = 2
        gradebook.db.commit()
        submission = gradebook.find_submission("backprop", "ada")
        counted = submission.score - submission.late_submission_penalty
    score = scores(url, "backprop", ["ada"])["ada"]
    assert (score.points, score.by_hand, score.penalty) == (5.5, 3, 2) and score.total == counted == 6.5


def penalties(url: str) -> dict[str, float | None]:
    """The penalty of each submission."""
    return {row[1]: row[3] for row in rows(url)["submissions"]}


def test_a_database_that_went_away_is_one_clear_line(course: Path) -> None:
    """It says where, why, and that grading again completes what is missing; the password is not shown."""
    with server() as running:
        made = course_config(course)
        made.CourseDirectory.db_url = running.url("gradebook").replace("postgres@", "postgres:s3cret@")
        register(made, "backprop", {"backprop": read(course / "source" / "backprop" / "backprop.ipynb")}, "first")
        writer = Writer(made, "backprop")
        writer.write([entry("ada")])
        running.stop()
        with pytest.raises(CourseError, match=r"postgresql.*cannot be used .*Check that the database server") as caught:
            writer.write([entry("grace")])
        assert "\n" not in str(caught.value) and "s3cret" not in str(caught.value)
        running.start()
        Writer(made, "backprop").write([entry("grace")])
        assert digests(made.CourseDirectory.db_url, "backprop") == {"ada": "d", "grace": "d"}


def test_a_locked_gradebook_is_waited_for_and_then_told(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program that holds the database is no reason to lose anything, nor to wait for ever."""
    monkeypatch.setattr("autograder.gradebook.database._WAIT_SECONDS", 0.2)
    made = course_config(course)
    register(made, "backprop", {"backprop": read(course / "source" / "backprop" / "backprop.ipynb")}, "first")
    writer = Writer(made, "backprop")
    with Gradebook(made.CourseDirectory.db_url) as other:
        other.db.connection().exec_driver_sql("BEGIN EXCLUSIVE")
        with pytest.raises(CourseError, match="database is locked"):
            writer.write([entry("ada")])
    writer.write([entry("ada")])
    assert digests(made.CourseDirectory.db_url, "backprop") == {"ada": "d"}


SOURCE = Path("source", "backprop", "backprop.ipynb")


def test_the_master_cells_are_the_instructors_hidden_tests_included(course: Path) -> None:
    """Every cell that a submission may lose can be put back from here; answers are as they were handed out."""
    master = master_cells(course_config(course), read(course / SOURCE))
    assert "reference.backward" in master["backward-hidden"].source
    assert master["backward-hidden"].locked and not master["backward-hidden"].role.is_answer
    assert master["backward-hidden"].metadata["points"] == 2
    assert master["backward"].role.is_answer and not master["backward"].locked
    assert "BEGIN SOLUTION" not in master["backward"].source
    assert master["given-imports"].locked
    assert next(iter(master)) == "given-imports"


def test_the_gradebook_is_the_one_nbgrader_would_have_made(course: Path, tmp_path: Path) -> None:
    """Cells, points, sources and checksums, and a schema that nbgrader takes for its own newest."""
    config = course_config(course)
    register(config, "backprop", {"backprop": read(course / SOURCE)}, "first")
    source = read(course / SOURCE)
    with Gradebook(config.CourseDirectory.db_url) as gradebook:
        notebook = gradebook.find_notebook("backprop", "backprop")
        assert {part.name: part.checksum for part in notebook.source_cells} == {
            name: part.metadata["checksum"] for name, part in master_cells(config, source).items()
        }
        assert notebook.max_score == 24
        tables = gradebook.db.connection().exec_driver_sql("select version_num from alembic_version").all()
        assert len(tables) == 1


def test_a_changed_source_is_entered_and_an_unchanged_one_is_not_touched(course: Path) -> None:
    """Points raised in the source are raised in the gradebook once the digest says that something changed."""
    config = course_config(course)
    register(config, "backprop", {"backprop": read(course / SOURCE)}, "first")
    edit(course / SOURCE, lambda notebook: cell(notebook, "backward-hidden").metadata.nbgrader.update(points=9))
    register(config, "backprop", {"backprop": read(course / SOURCE)}, "first")
    assert most(course) == 24
    register(config, "backprop", {"backprop": read(course / SOURCE)}, "second")
    assert most(course) == 31


def most(course: Path) -> float:
    """The points backprop has in the gradebook."""
    with Gradebook(course_config(course).CourseDirectory.db_url) as gradebook:
        return float(gradebook.find_assignment("backprop").max_score)


def drop_a_check(notebook: nbformat.NotebookNode) -> None:
    """A check that turned out to be unfair."""
    notebook.cells.remove(cell(notebook, "backward-shown"))


def add_cells(notebook: nbformat.NotebookNode) -> None:
    """Another check and another question."""
    for name, like in (("forward-size-hidden", "forward-hidden"), ("question-size", "question-inactive")):
        added = copy.deepcopy(cell(notebook, like))
        added.metadata["nbgrader"]["grade_id"] = name
        added["id"] = name
        notebook.cells.append(added)


def test_cells_may_come_and_go_once_there_are_scores(config: Config, course: Path) -> None:
    """Scores and marks by hand for the other cells are kept; a new cell waits until it is graded."""
    url, source = config.CourseDirectory.db_url, course / "source" / "backprop" / "backprop.ipynb"
    Writer(config, "backprop").write([entry("ada")])
    with Gradebook(url) as gradebook:
        gradebook.find_grade("question-inactive", "backprop", "backprop", "ada").manual_score = 3
        gradebook.db.commit()
    edit(source, drop_a_check)
    edit(source, add_cells)
    register(config, "backprop", {"backprop": read(source)}, "second")
    score = scores(url, "backprop", ["ada"])["ada"]
    assert (score.points, score.max_points, score.by_hand) == (4, 23, 3)
    with Gradebook(url) as gradebook:
        notebook = gradebook.find_notebook("backprop", "backprop")
        assert "backward-shown" not in [each.name for each in (*notebook.grade_cells, *notebook.source_cells)]
        new = gradebook.find_grade("forward-size-hidden", "backprop", "backprop", "ada")
        assert (new.auto_score, new.needs_manual_grade, new.max_score) == (None, True, 4)
        assert gradebook.find_comment("question-size", "backprop", "backprop", "ada").comment is None
    Writer(config, "backprop").write([entry("ada"), entry("grace")])
    assert scores(url, "backprop", ["grace"])["grace"].max_points == 23


def test_a_cell_with_marks_by_hand_does_not_vanish(config: Config, course: Path) -> None:
    """The line names the cell and says how to go on; nothing is changed until then."""
    url, source = config.CourseDirectory.db_url, course / "source" / "backprop" / "backprop.ipynb"
    Writer(config, "backprop").write([entry("ada"), entry("grace")])
    with Gradebook(url) as gradebook:
        gradebook.find_grade("backward-shown", "backprop", "backprop", "ada").manual_score = 0.5
        gradebook.db.commit()
    held = rows(url)
    edit(source, drop_a_check)
    with pytest.raises(CourseError, match=r"'backward-shown' is gone .* Put the cell back, or clear those marks"):
        register(config, "backprop", {"backprop": read(source)}, "second")
    assert rows(url) == held
    with Gradebook(url) as gradebook:
        gradebook.find_grade("backward-shown", "backprop", "backprop", "ada").manual_score = None
        gradebook.db.commit()
    register(config, "backprop", {"backprop": read(source)}, "second")
    assert scores(url, "backprop", ["ada"])["ada"].max_points == 19


def test_an_assignment_that_was_removed_from_the_gradebook_is_entered_again(course: Path) -> None:
    """As `nbgrader db assignment remove` does it; also when only its name was added again."""
    config, source = course_config(course), read(course / SOURCE)
    url = config.CourseDirectory.db_url
    register(config, "backprop", {"backprop": source}, "first")
    Writer(config, "backprop").write([entry("ada")])
    for add_again in (False, True):
        with Gradebook(url) as gradebook:
            gradebook.remove_assignment("backprop")
            if add_again:
                gradebook.add_assignment("backprop")
        assert digests(url, "backprop") == {}
        register(config, "backprop", {"backprop": source}, "first")
        Writer(config, "backprop").write([entry("ada")])
        assert scores(url, "backprop", ["ada"])["ada"].points == 4
        assert digests(url, "backprop") == {"ada": "d"}


def test_a_gradebook_that_is_none_is_told_in_one_line(course: Path) -> None:
    """A file that is not a database is left as it is."""
    gradebook = course / "grading" / "gradebook.db"
    gradebook.write_text("not a database, but somebody's file")
    with pytest.raises(CourseError, match=r"gradebook.db.*cannot be used") as caught:
        register(course_config(course), "backprop", {"backprop": read(course / SOURCE)}, "first")
    assert "\n" not in str(caught.value)
    assert gradebook.read_text() == "not a database, but somebody's file"
