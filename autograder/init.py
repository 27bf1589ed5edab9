"""The autograder in a course that has nbgrader already: the settings it needs, and which cells it cannot judge.

The settings stand between two lines at the end of `nbgrader_config.py`. Without them nbgrader grades as before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from traitlets.config import Config
from traitlets.config.loader import LazyConfigValue

from autograder.config import course_config, is_ours
from autograder.files import keep
from autograder.folders import CONFIG_FILE, source_folder, usual_settings
from autograder.grading.pool import Workers, tried
from autograder.models import Assignment, CourseError
from autograder.source import load, read_source

BEGIN = "# >>> autograder: written by `autograder init`. Without these lines nbgrader grades as it did before."
END = "# <<< autograder"

_NBGRADERS_SECONDS, _MANY = 30, 10
"""How long nbgrader lets a cell run where the course does not say it; how many times as long a notebook may run."""

_HEAD = """\
c = get_config()  # noqa: F821
try:
    from autograder import nbgrader_plugins
except ImportError as error:  # nbgrader would carry on without these lines
    raise SystemExit(f"nbgrader_config.py: cannot import autograder ({error}). Install it with nbgrader.") from error
from nbgrader import preprocessors as stock
"""

_NEEDED = {
    "Autograde.sanitize_preprocessors": """\
[
    stock.ClearOutput,
    nbgrader_plugins.RestoreCells,
    stock.OverwriteKernelspec,
    stock.CheckCellMetadata,
]""",
    "Autograde.autograde_preprocessors": """\
[
    nbgrader_plugins.Examine,
    stock.LimitOutput,
    nbgrader_plugins.SaveVerdicts,
    nbgrader_plugins.LatePenalties,
    stock.CheckCellMetadata,
]""",
    "GenerateFeedback.exporter_class": "nbgrader_plugins.FeedbackPage",
    "GenerateFeedback.preprocessors": "[]",
    "HTMLExporter.preprocessors": "[nbgrader_plugins.HarmlessNotebook]",
    "HTMLExporter.filters": '{"markdown2html": nbgrader_plugins.harmless_markdown}',
    "ExchangeFactory.release_feedback": '"autograder.exchange.ReleaseFeedback"',
}
"""Settings by which nbgrader's own commands and Formgrader give what `autograder` gives."""

_WANTED = {
    "Autograde.permissions": "600  # graded notebooks hold hidden tests",
    "GenerateFeedback.permissions": "600",
    "Exporter.optimistic_validation": "True  # a notebook is repaired before it must be valid",
}
"""Settings that are left as they are where the course has others."""


@dataclass(frozen=True)
class Unjudged:
    """A check that judges nobody, with the reason as the end of a sentence."""

    notebook: Path
    grade_id: str
    points: float
    reason: str


@dataclass(frozen=True)
class Findings:
    """What trying the checks of an assignment on the source's own solution showed.

    `problems` say why notebooks cannot be used at all; then their checks were not tried.
    """

    assignment: str
    checks: int
    by_hand: int
    unjudged: tuple[Unjudged, ...] = ()
    problems: tuple[CourseError, ...] = ()


def lines_for(root: Path) -> str:
    """The lines that the settings of the course below `root` need; nothing where they are all there.

    Raises CourseError when there is no course, or when it sets to something else what these lines set.
    """
    path = root / CONFIG_FILE
    present = path.read_text(encoding="utf-8") if path.exists() else ""
    config = _config(root)
    if not source_folder(root).is_dir():
        advice = "Run this command in the folder of a course, or name the folder with --root."
        raise CourseError("missing.", source_folder(root), advice)
    if BEGIN in present:
        _require_in_force(root, config)
        return ""
    if _uses(config):
        return ""
    if clashes := [name for name in _NEEDED if _is_set(config, name)]:
        advice = "Remove that setting, or do not use `autograder init`: `autograder grade` works without its lines."
        raise CourseError(f"already sets {_listed(clashes)}.", path, advice)
    return "\n".join([BEGIN, _HEAD.rstrip(), *_settings(config), END, ""])


def write(root: Path, lines: str) -> None:
    """Add the lines to the settings of the course below `root`, which may have none."""
    path = root / CONFIG_FILE
    present = path.read_text(encoding="utf-8") if path.exists() else ""
    gap = "" if not present else "\n" if present.endswith("\n") else "\n\n"
    keep(path, f"{present}{gap}{lines}".encode())


def findings(root: Path, workers: Workers) -> Iterator[Findings]:
    """Try the checks of each assignment of the course below `root` on its own solutions, as with its lines."""
    config = _config(root)
    config.Examine.update(_seconds(config))
    for name, paths in source_notebooks(root).items():
        tried = [_tried(root, config, path, workers) for path in paths]
        yield Findings(
            name,
            sum(each.checks for each in tried),
            sum(each.by_hand for each in tried),
            tuple(found for each in tried for found in each.unjudged),
            tuple(found for each in tried for found in each.problems),
        )


def _config(root: Path) -> Config:
    return course_config(root) if (root / CONFIG_FILE).exists() else usual_settings(root)


def source_notebooks(root: Path) -> dict[str, list[Path]]:
    """The notebooks of each assignment of the course below `root`."""
    found: dict[str, list[Path]] = {}
    for path in sorted(source_folder(root).glob("[!.]*/[!.]*.ipynb")):
        found.setdefault(path.parent.name, []).append(path)
    return found


def _tried(root: Path, config: Config, path: Path, workers: Workers) -> Findings:
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    try:
        source = read_source(config, path)
        _require_python(path, source.notebook)
        known = workers.executor.submit(tried, load(config, source), source.notebook).result()
    except CourseError as error:
        return Findings(path.stem, 0, 0, problems=(error if error.where else error.within(shown),))
    return Findings(
        path.stem,
        sum(cell.role.is_check for cell in known.master.values()),
        sum(cell.role.is_marked_by_hand for cell in known.master.values()),
        tuple(_unjudged(shown, known)),
    )


def _unjudged(shown: Path, known: Assignment) -> Iterator[Unjudged]:
    for grade_id, reason in known.broken_checks.items():
        yield Unjudged(shown, grade_id, known.master[grade_id].role.points, reason)


def _require_python(path: Path, notebook: nbformat.NotebookNode) -> None:
    kernel = notebook.metadata.get("kernelspec", {})
    language = str(kernel.get("language") or notebook.metadata.get("language_info", {}).get("name") or "python")
    if language.lower() not in ("python", "python3", "ipython"):
        raise CourseError(f"is a notebook in {language}.", path, "Only notebooks in Python can be graded.")


def _settings(config: Config) -> Iterator[str]:
    yield from (f"c.{name} = {value}" for name, value in _NEEDED.items())
    yield from (f"c.{name} = {value}" for name, value in _WANTED.items() if not _is_set(config, name))
    yield f"# nbgrader's own timeout for a cell; the timeout for a whole notebook is {_MANY} times as long."
    yield from (f"c.Examine.{name} = {value}" for name, value in _seconds(config).items())


def _seconds(config: Config) -> dict[str, int]:
    """How long cells may run, where the course does not say it for the autograder."""
    found = next((found for name in ("Execute", "ExecutePreprocessor") if (found := _timeout(config[name]))), 0)
    seconds = found or _NBGRADERS_SECONDS
    wanted = {"cell_seconds": seconds, "play_seconds": seconds, "notebook_seconds": _MANY * seconds}
    return {name: value for name, value in wanted.items() if not _is_set(config, f"Examine.{name}")}


def _timeout(section: Mapping[str, Any]) -> int:
    value = section.get("timeout")
    return value if isinstance(value, int) and value > 0 else 0


def _is_set(config: Config, name: str) -> bool:
    section, setting = name.split(".")
    value = config[section].get(setting)
    return isinstance(value, LazyConfigValue) or value is not None


def _uses(config: Config) -> bool:
    """Whether nbgrader's own commands grade by the autograder, whatever lines say so."""
    steps = config.Autograde.get("autograde_preprocessors") or ()
    return any(map(is_ours, steps))


def _require_in_force(root: Path, config: Config) -> None:
    """Raise CourseError when a line below those of `init` sets the same to something else."""
    if not _uses(config):
        advice = "Remove that line, or move it above the lines of `autograder init`."
        raise CourseError("sets c.Autograde.autograde_preprocessors a second time.", root / CONFIG_FILE, advice)


def _listed(names: list[str]) -> str:
    *first, last = [f"c.{name}" for name in names]
    return f"{', '.join(first)} and {last}" if first else last
