"""The door for nbgrader: the preprocessors that `nbgrader_config.py` names.

Because every command of nbgrader, formgrader's button included, runs these, they all give the same scores as
`autograder grade`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from traitlets import Bool, Enum, Float

from autograder.examine.notebook import examine
from autograder.gradebook.scores import master_cells
from autograder.grading.attachments import refused, require_plain
from autograder.notebooks.reading import grade_ids, read
from autograder.notebooks.restore import restore
from autograder.records import Limits
from autograder.sandbox.nursery import Level, shared

Processed = tuple[nbformat.NotebookNode, dict[str, Any]]


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no type information
    """Puts the instructor's cells back: copies, deletions, edits, types, points."""

    enabled = Bool(True)

    def preprocess(self, nb: nbformat.NotebookNode, resources: dict[str, Any]) -> Processed:
        """Restore `nb` from the gradebook, logging what had to be mended."""
        names = resources["nbgrader"]
        master = master_cells(names["db_url"], names["assignment"], names["notebook"])
        course = CourseDirectory(config=self.config)
        self._take_away_what_was_followed(course, names)
        source = Path(course.root, course.source_directory, names["assignment"], f"{names['notebook']}.ipynb")
        for note in restore(nb, master, grade_ids(read(source))):
            self.log.warning("%s: %s", names["student"], note)
        return nb, resources

    def _take_away_what_was_followed(self, course: CourseDirectory, names: dict[str, str]) -> None:
        """By now nbgrader has copied what links in the submission lead to; no student's code may find that."""
        who = names["student"], names["assignment"]
        submitted = Path(course.root, course.format_path(course.submitted_directory, *who))
        graded = Path(course.root, course.format_path(course.autograded_directory, *who))
        require_plain(submitted / f"{names['notebook']}.ipynb")
        for path, reason in refused(submitted).items():
            self.log.warning("%s: %s is left out: %s", names["student"], path, reason)
            (graded / path.relative_to(submitted)).unlink(missing_ok=True)


class Examine(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no type information
    """Runs a submission and writes a verdict into each grade cell, in place of nbgrader's plain execution."""

    enabled = Bool(True)
    cell_seconds = Float(10.0, help="How long one cell may run, in seconds.").tag(config=True)
    notebook_seconds = Float(60.0, help="How long a whole notebook may run, in seconds.").tag(config=True)
    require_sandbox = Enum(
        [level.value for level in Level], "process", help="Refuse to grade when student code is confined less."
    ).tag(config=True)

    def preprocess(self, nb: nbformat.NotebookNode, resources: dict[str, Any]) -> Processed:
        """Examine `nb` in the folder where its files are."""
        nursery = shared()
        nursery.require(Level(self.require_sandbox))
        folder = Path(resources["metadata"]["path"]).resolve()
        examine(nb, Limits(self.cell_seconds, self.notebook_seconds), lambda: nursery.start(folder))
        nb.metadata["autograder"] = {"sandbox": nursery.level.value}
        return nb, resources


class ClearSolutionMarkers(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no type information
    """Takes the markers around solutions away, so that a solution reads as a student would write it."""

    enabled = Bool(True)

    def preprocess_cell(self, cell: nbformat.NotebookNode, resources: dict[str, Any], cell_index: int) -> Processed:
        """Drop the marker lines of one cell."""
        lines = cell.source.split("\n")
        cell.source = "\n".join(line for line in lines if not line.strip().startswith(("### BEGIN ", "### END ")))
        return cell, resources


class ExecuteSolution(Execute):  # type: ignore[misc]  # nbgrader has no type information
    """Executes a solution so that it comes out the same every time, and stops at the first cell that fails."""

    enabled = Bool(True)
    allow_errors = Bool(False)
    record_timing = Bool(False)

    def preprocess(self, nb: nbformat.NotebookNode, *args: Any, **kwargs: Any) -> Processed:
        """Execute `nb` and forget which Python did it."""
        try:
            nb, resources = super().preprocess(nb, *args, **kwargs)
        except CellExecutionError as error:
            raise RuntimeError(f"the solution fails ({error.ename}: {error.evalue})") from None
        nb.metadata["language_info"] = {"name": "python"}
        return nb, resources
