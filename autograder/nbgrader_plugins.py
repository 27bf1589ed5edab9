"""What nbgrader calls: the preprocessors and plug-ins that `nbgrader_config.py` names.

Because every command of nbgrader, formgrader's button included, runs these, they all give the same scores as
`autograder grade`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbclient.exceptions import CellExecutionError
from nbconvert.exporters.exporter import Exporter
from nbconvert.preprocessors import CoalesceStreamsPreprocessor, Preprocessor
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin
from nbgrader.preprocessors import AssignLatePenalties, Execute, NbGraderPreprocessor, SaveAutoGrades
from traitlets import Bool, Enum, Float, Integer
from traitlets.config import Config

from autograder.cells import MARK_SCHEME, fold_in_colab, is_marker, role, without_hidden
from autograder.config import keep_private
from autograder.files import TIME_FILE, keep, plain_files, refused, require_plain
from autograder.folders import of_nbgrader
from autograder.gradebook.database import engine, opening
from autograder.gradebook.late import assign_penalties, settle
from autograder.grading.inputs import require_usable_name, time_in
from autograder.grading.pool import judge_here, try_out_here
from autograder.grading.submission import put_back
from autograder.judge.verdicts import no_response, unjudged
from autograder.late_policy import LatePolicy as LatePolicy
from autograder.models import Assignment, CourseError, Trial
from autograder.nbgrader_errors import say_in_one_line
from autograder.sandbox import Level, shared
from autograder.source import load, master_cells, read_source
from autograder.source_notebook import read_source_notebook
from autograder.text import shown

if TYPE_CHECKING:
    from autograder.report import feedback


say_in_one_line()

Processed = tuple[nbformat.NotebookNode, dict[str, Any]]

_tried_out: dict[str, Trial] = {}
"""The trials of the checks that were done in this process, by the digest of their assignment."""


def _source(config: Config, resources: dict[str, Any]) -> Path:
    """The instructor's version of the notebook that is being processed."""
    names, course = resources["nbgrader"], CourseDirectory(config=config)
    return Path(course.root, course.source_directory, names["assignment"], f"{names['notebook']}.ipynb")


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no type information
    """Puts the instructor's cells back: copies, deletions, edits, types, points."""

    enabled = Bool(True)

    def preprocess(self, nb: nbformat.NotebookNode, resources: dict[str, Any]) -> Processed:
        """Restore `nb` from the source, logging what had to be put back."""
        keep_private(of_nbgrader(self.config), new_files=False)
        require_usable_name(resources["nbgrader"]["student"])
        self._remove_followed_links(resources["nbgrader"])
        config = of_nbgrader(self.config)
        for note in put_back(nb, master_cells(config, read_source_notebook(config, _source(config, resources)))):
            self.log.warning("%s: %s", resources["nbgrader"]["student"], shown(note))
        return nb, resources

    def _remove_followed_links(self, names: dict[str, str]) -> None:
        """Remove what nbgrader has copied through links in the submission; student code must not find it."""
        course, who = CourseDirectory(config=self.config), (names["student"], names["assignment"])
        submitted = Path(course.root, course.format_path(course.submitted_directory, *who))
        graded = Path(course.root, course.format_path(course.autograded_directory, *who))
        require_plain(submitted / f"{names['notebook']}.ipynb")
        for path, reason in refused(submitted).items():
            self.log.warning("%s: %s was left out: %s", names["student"], shown(str(path)), reason)
            (graded / path.relative_to(submitted)).unlink(missing_ok=True)


class Examine(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no type information
    """Runs a submission and writes a verdict into each grade cell, in place of nbgrader's plain execution."""

    enabled = Bool(True)
    cell_seconds = Float(10.0, help="How long one cell may run, in seconds.").tag(config=True)
    notebook_seconds = Float(60.0, help="How long a whole notebook may run, in seconds.").tag(config=True)
    play_seconds = Float(3.0, help="How long a cell that holds no answer may run, in seconds.").tag(config=True)
    memory_megabytes = Integer(1024, help="Memory that a notebook may use, in MB.").tag(config=True)
    disk_megabytes = Integer(64, help="How much a notebook may write into its folder, in MB.").tag(config=True)
    output_characters = Integer(1_000_000, help="How many characters of the output of one cell are kept.").tag(
        config=True
    )
    require_sandbox = Enum(
        [None, *(level.value for level in Level)],
        None,
        allow_none=True,
        help="Minimum sandbox level; refuse to grade below it. By default the strictest level of this machine.",
    ).tag(config=True)

    def preprocess(self, nb: nbformat.NotebookNode, resources: dict[str, Any]) -> Processed:
        """Judge `nb` with the files beside it, as `autograder grade` does."""
        assignment = self._assignment(_source(self.config, resources))
        for grade_id, reason in assignment.broken_checks.items():
            self.log.error("check %s is broken: %s.", grade_id, reason)
        files = plain_files(Path(resources["metadata"]["path"]))
        judged = judge_here(assignment, nb, files, self.require_sandbox or shared().level.value)
        return nbformat.reads(judged.notebook, as_version=4), resources

    def _assignment(self, path: Path) -> Assignment:
        """The assignment whose source notebook is at `path`, its checks tried out once for a run."""
        config = of_nbgrader(self.config)
        source = read_source(config, path)
        assignment = load(config, source)
        if (found := _tried_out.get(assignment.digest)) is None:
            found = try_out_here(assignment, nbformat.writes(source.notebook))
            _tried_out[assignment.digest] = found
        return replace(assignment, trial=found)


class SaveVerdicts(SaveAutoGrades):  # type: ignore[misc]  # nbgrader has no type information
    """Saves the scores; what has to be read is left to a person instead of counting as wrong.

    That is a check that could not judge, and an answer in words that stands in a cell beside the one meant for it.
    """

    enabled = Bool(True)

    def preprocess(self, nb: nbformat.NotebookNode, resources: dict[str, Any]) -> Processed:
        """Save what `Examine` found."""
        self.unjudged, self.no_response = unjudged(nb), no_response(nb)
        saved: Processed = super().preprocess(nb, resources)
        return saved

    def _add_score(self, cell: nbformat.NotebookNode, resources: dict[str, Any]) -> None:
        super()._add_score(cell, resources)
        each = role(cell)
        name = each.grade_id
        if name in self.unjudged or (each.is_answer and name not in self.no_response):
            grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
            grade.auto_score, grade.needs_manual_grade = None, True
            self.gradebook.db.commit()

    def _add_comment(self, cell: nbformat.NotebookNode, resources: dict[str, Any]) -> None:
        super()._add_comment(cell, resources)
        if (name := role(cell).grade_id) not in self.no_response:
            comment = self.gradebook.find_comment(name, self.notebook_id, self.assignment_id, self.student_id)
            comment.auto_comment = None
            self.gradebook.db.commit()


class LatePenalties(AssignLatePenalties):  # type: ignore[misc]  # nbgrader has no type information
    """Assigns penalties as `autograder grade` does, for the time in `timestamp.txt` as it reads it."""

    def preprocess(self, nb: nbformat.NotebookNode, resources: dict[str, Any]) -> Processed:
        """Put the time right that nbgrader has entered, and set the penalty."""
        names, course = resources["nbgrader"], CourseDirectory(config=self.config)
        folder = course.format_path(course.submitted_directory, names["student"], names["assignment"])
        path = Path(course.root, folder, TIME_FILE)
        if path.is_file() and (time := time_in(path.read_bytes(), path)) is not None:
            with Gradebook(names["db_url"], course.course_id) as gradebook:
                gradebook.find_submission(names["assignment"], names["student"]).timestamp = time
                gradebook.db.commit()
        with opening(names["db_url"]), engine(names["db_url"]).begin() as connection:
            assign_penalties(connection, of_nbgrader(self.config), names["assignment"], [names["student"]])
        return nb, resources


class FoldInColab(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no type information
    """Has Colab fold the cells of a release that Jupyter folds."""

    enabled = Bool(True)

    def preprocess_cell(self, cell: nbformat.NotebookNode, resources: dict[str, Any], cell_index: int) -> Processed:
        """Fold one cell."""
        fold_in_colab(cell)
        return cell, resources


class ClearSolutionMarkers(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no type information
    """Removes rubrics and the markers around solutions, so that a solution reads as a student would write it."""

    enabled = Bool(True)

    def preprocess_cell(self, cell: nbformat.NotebookNode, resources: dict[str, Any], cell_index: int) -> Processed:
        """Drop the rubric and the marker lines of one cell."""
        lines = without_hidden(cell.source, MARK_SCHEME).split("\n")
        cell.source = "\n".join(line for line in lines if not is_marker(line)).rstrip("\n")
        return cell, resources


class ExecuteSolution(Execute):  # type: ignore[misc]  # nbgrader has no type information
    """Executes a solution with the same result every time, and stops at the first cell that fails."""

    enabled = Bool(True)
    allow_errors = Bool(False)
    record_timing = Bool(False)

    def preprocess(self, nb: nbformat.NotebookNode, *args: Any, **kwargs: Any) -> Processed:
        """Execute `nb`, and drop the version of Python from its metadata."""
        try:
            nb, resources = super().preprocess(nb, *args, **kwargs)
        except CellExecutionError as error:
            raise RuntimeError(f"the solution fails ({error.ename}: {error.evalue})") from None
        nb.metadata["language_info"] = {"name": "python"}
        # How a kernel splits what a cell prints differs from run to run.
        return CoalesceStreamsPreprocessor(enabled=True).preprocess(nb, resources)  # type: ignore[no-any-return]


class HarmlessNotebook(Preprocessor):  # type: ignore[misc]  # nbconvert has no type information
    """Lets Formgrader show a graded notebook without running anything that a student wrote."""

    enabled = Bool(True)

    def preprocess(self, nb: nbformat.NotebookNode, resources: dict[str, Any]) -> Processed:
        """The notebook as its page may show it, with the model answers to what a person marks."""
        from autograder.report import formgrader

        return formgrader.harmless(nb, self._model_answers(resources)), resources

    def _model_answers(self, resources: Mapping[str, Any]) -> dict[str, str]:
        from autograder.report import formgrader

        names = [str(resources.get(key, "")) for key in ("assignment_id", "notebook_id")]
        course = CourseDirectory(config=self.config)
        path = Path(course.root, course.source_directory, names[0], f"{names[1]}.ipynb")
        try:
            return formgrader.model_answers(read_source_notebook(of_nbgrader(self.config), path)) if all(names) else {}
        except CourseError:  # an assignment whose source is gone can still be marked
            return {}


def harmless_markdown(text: str) -> str:
    """The filter that makes HTML of a cell's text for Formgrader."""
    from autograder.report import formgrader

    return formgrader.as_html(text)


class SpreadsheetExport(ExportPlugin):  # type: ignore[misc]  # nbgrader has no type information
    """Exports the grades of a class as nbgrader does, and tells who has no score from who has 0.

    The file is `grades.csv` in the folder that holds the feedback, unless `--to` names another. Its last column says
    whether a submission is graded, not graded, or not handed in; without a score, the columns of scores are empty.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the CSV file."""
        from autograder.report import grades

        course = CourseDirectory(config=self.config)
        place = Path(course.root, course.feedback_directory).parent / "grades.csv"
        path = Path(self.to) if self.to else place
        path.parent.mkdir(parents=True, exist_ok=True)
        for assignment in gradebook.assignments:
            settle(of_nbgrader(self.config), assignment.name)
        gradebook.db.expire_all()
        rows = grades.rows(gradebook, course, list(map(str, self.assignment)), list(map(str, self.student)))
        path.write_text(grades.table(grades.HEAD, rows), encoding="utf-8", newline="")
        self.log.info("Grades exported to %s", path)


class FeedbackPage(Exporter):  # type: ignore[misc]  # nbconvert has no type information
    """Writes the page that `autograder feedback` writes, in place of a whole notebook with its hidden tests.

    The page is about all notebooks of the assignment. Where it goes by the name of one of several, it is also written
    under the assignment's.
    """

    file_extension = ".html"
    show_hidden_tests_after_due = Bool(
        False, help="Show the source of hidden tests when the due date in the gradebook has passed for every student."
    ).tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._feedback_runs: dict[str, feedback.FeedbackRun] = {}

    def from_filename(self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any) -> tuple[str, Any]:
        """The page for the graded notebook at `filename`, and what nbgrader needs to write it."""
        from autograder.report import feedback  # only here: grading needs none of it

        resources = {**(resources or {}), "output_extension": self.file_extension}
        names = resources["nbgrader"]
        feedback_run = self._feedback_run(names["assignment"])
        if (marks := feedback_run.marks.get(names["student"])) is None:
            raise CourseError("has no scores in the gradebook.", filename, f"Grade {names['assignment']} again.")
        html = feedback.one(feedback_run.sheet, Path(filename).parent, marks)
        place = feedback.place(CourseDirectory(config=feedback_run.config), feedback_run, names["student"])
        if place.stem != names["notebook"]:
            keep(place, html.encode())
        return html, resources

    def _feedback_run(self, assignment: str) -> feedback.FeedbackRun:
        """One for all students of a run."""
        from autograder.report import feedback

        if assignment not in self._feedback_runs:
            self._feedback_runs[assignment] = feedback.open_class(of_nbgrader(self.config), assignment)
        return self._feedback_runs[assignment]
