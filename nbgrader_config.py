"""How nbgrader runs this course. Settings only; what they name lives in `autograder/nbgrader_plugins.py`."""

import os
import sys
from pathlib import Path

from nbgrader import preprocessors as stock

# nbgrader logs an ImportError raised here, carries on with its defaults and exits 0: fail closed instead.
try:
    from autograder import nbgrader_plugins
except ImportError as error:
    raise SystemExit(
        f"nbgrader_config.py: cannot import {error.name or 'autograder'}: {error}. "
        "Run `make venv` and use the nbgrader in .venv/bin."
    ) from error

# nbgrader calls `alembic` by name when it creates a gradebook; find it in an environment that is not activated.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

root = Path(__file__).resolve().parent
c = get_config()  # noqa: F821 (traitlets defines it for configuration files)

c.CourseDirectory.course_id = "neural-networks-by-hand"
c.CourseDirectory.root = str(root)
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = "release"
c.CourseDirectory.solution_directory = "solutions"
c.CourseDirectory.submitted_directory = str(Path("grading", "submitted"))
c.CourseDirectory.autograded_directory = str(Path("grading", "autograded"))
c.CourseDirectory.feedback_directory = str(Path("grading", "feedback"))
c.CourseDirectory.db_url = f"sqlite:///{root / 'grading' / 'gradebook.db'}"

c.Autograde.sanitize_preprocessors = [
    stock.ClearOutput,
    nbgrader_plugins.RestoreCells,
    stock.OverwriteKernelspec,
    stock.CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    nbgrader_plugins.Examine,
    stock.LimitOutput,
    nbgrader_plugins.SaveVerdicts,
    nbgrader_plugins.LatePenalties,
    stock.CheckCellMetadata,
]
# When work is due, and what lateness costs (docs/instructors/deadlines.md). Without such lines nothing is taken off.
c.AssignLatePenalties.plugin_class = nbgrader_plugins.LatePolicy
# c.LatePolicy.time_zone = "Europe/Berlin"
# c.LatePolicy.due = {"feedforward": "2026-11-02 23:59", "lstm": "2026-11-16 23:59"}
# c.LatePolicy.percent_a_day = 10
# c.LatePolicy.grace_minutes = 15
# A notebook must be valid only after all preprocessors have run: they repair what is wrong with it.
c.Exporter.optimistic_validation = True

# Graded notebooks contain hidden tests: only you may read them. (`autograder grade` sets these permissions by itself.)
c.Autograde.permissions = 600
c.GenerateFeedback.permissions = 600

# What one student may hand in, in kB for each file; larger ones are not copied.
c.CourseDirectory.max_file_size = 64_000
# What programs leave behind is nobody's work, and is not copied either.
c.CourseDirectory.ignore = [
    *(".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__MACOSX", ".ipynb_checkpoints", "__pycache__", "*.pyc"),
    *("._*", ".DS_Store", "Thumbs.db", "desktop.ini"),
    "feedback",  # where a student's pages are, once they were fetched
]

# What `autograder build` generates is committed, and `build --check` asks for the style of docs/authors/cells.md.
c.Build.house_style = True

# nbgrader's own steps, and the folding of cells in Colab, which comes before the checksums.
c.GenerateAssignment.preprocessors = [
    stock.IncludeHeaderFooter,
    stock.InstantiateTests,
    stock.LockCells,
    stock.ClearSolutions,
    stock.ClearOutput,
    stock.CheckCellMetadata,
    stock.ComputeChecksums,
    stock.SaveCells,
    stock.ClearHiddenTests,
    stock.ClearMarkScheme,
    nbgrader_plugins.FoldInColab,
    stock.ComputeChecksums,
    stock.CheckCellMetadata,
]
c.GenerateSolution.preprocessors = [
    stock.LockCells,
    stock.ClearOutput,
    stock.ClearHiddenTests,
    nbgrader_plugins.ClearSolutionMarkers,
    nbgrader_plugins.ExecuteSolution,
]

# `nbgrader generate_feedback` writes the page that `autograder feedback` writes.
c.GenerateFeedback.exporter_class = nbgrader_plugins.FeedbackPage
c.GenerateFeedback.preprocessors = []
# Formgrader shows what students wrote and displayed without running any of it.
c.HTMLExporter.preprocessors = [nbgrader_plugins.HarmlessNotebook]
c.HTMLExporter.filters = {"markdown2html": nbgrader_plugins.harmless_markdown}
# In an exported spreadsheet, a student's name is never read as a formula.
c.ExportApp.plugin_class = nbgrader_plugins.SpreadsheetExport

# `nbgrader release_feedback` and Formgrader's button: pages are private here, and their students can read the copies.
c.ExchangeFactory.release_feedback = "autograder.exchange.ReleaseFeedback"

c.FeedbackPage.show_hidden_tests_after_due = False

# Hide the kernel's warning about its transport, which would appear between the useful lines.
c.Execute.extra_arguments = ["--log-level=ERROR"]

# How long student code may run, in seconds.
c.Examine.cell_seconds = 10
c.Examine.notebook_seconds = 60
c.Examine.play_seconds = 3  # for one cell that holds no answer and imports nothing

# How much it may use. It may start no other program at all.
c.Examine.memory_megabytes = 1024
c.Examine.disk_megabytes = 64
c.Examine.output_characters = 1_000_000  # of what one cell displays
