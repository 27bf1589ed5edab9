"""Where a course keeps its files: what `nbgrader_config.py` says, and nbgrader's own values for the rest."""

from __future__ import annotations

import copy
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import LazyConfigValue, PyFileConfigLoader

from autograder.models import CourseError

CONFIG_FILE = "nbgrader_config.py"

_FOLDERS = {
    "source_directory": "source",
    "release_directory": "release",
    "solution_directory": "solution",
    "submitted_directory": "submitted",
    "autograded_directory": "autograded",
    "feedback_directory": "feedback",
}
"""nbgrader's names of the folders, by the settings that change them."""

_STRUCTURE = "{nbgrader_step}/{student_id}/{assignment_id}"
_MARKERS = {"ClearHiddenTests": "HIDDEN TESTS", "ClearMarkScheme": "MARK SCHEME", "ClearSolutions": "SOLUTION"}
"""The words in the markers of regions, by nbgrader's preprocessor that takes the regions out."""

_RELATIVE = "sqlite:///"
"""What the address of a file begins with; that of one with an absolute path has a `/` more."""

_read: dict[Path, tuple[int, Config]] = {}
"""What each file said when it was read last, and the time at which it had been changed."""


def settings(root: Path) -> Config:
    """The settings in `root / "nbgrader_config.py"`, those of folders and gradebook complete.

    Raises CourseError when the file is missing or cannot be run.
    """
    path = root / CONFIG_FILE
    if not path.is_file():
        raise CourseError("missing.", path, f"Run this in the folder that holds {CONFIG_FILE}, or name it with --root.")
    changed = path.stat().st_mtime_ns
    if path not in _read or _read[path][0] != changed:
        _read[path] = changed, _complete(_run(path), root)
    return copy.deepcopy(_read[path][1])


def of_nbgrader(config: Config) -> Config:
    """The settings that nbgrader has read by itself, those of folders and gradebook complete.

    As with its own commands, the course is the current folder where they name none.
    """
    root = config.CourseDirectory.get("root", "")
    return _complete(copy.deepcopy(config), Path(root if isinstance(root, str) and root else ".").resolve())


def usual_settings(root: Path) -> Config:
    """The settings of a course at `root` that has no file with settings."""
    return _complete(Config(), root)


def _complete(config: Config, root: Path) -> Config:
    """`config`, in place, with nbgrader's own values for the folders and the gradebook that it does not set."""
    _require_usual(config, root / CONFIG_FILE)
    course = config.CourseDirectory
    said = course.get("root", "")
    if (said := Path(root, said if isinstance(said, str) else "")).resolve() != root.resolve():
        advice = "Remove that line: the course is the folder of its settings."
        raise CourseError(f"c.CourseDirectory.root names another folder, {said}.", root / CONFIG_FILE, advice)
    course.root = str(root)
    for name, usual in {**_FOLDERS, "course_id": "", "db_url": "sqlite:///gradebook.db"}.items():
        if isinstance(course.get(name), LazyConfigValue | None):  # which is there once somebody has looked for it
            course[name] = usual
    if str(course.db_url).startswith(_RELATIVE) and not course.db_url.startswith(f"{_RELATIVE}/"):
        course.db_url = f"{_RELATIVE}{Path(course.root, course.db_url.removeprefix(_RELATIVE))}"
    return config


def source_folder(root: Path) -> Path:
    """The folder with the instructor's assignments of the course at `root`; `source` where there are no settings."""
    if not (root / CONFIG_FILE).is_file():
        return root / _FOLDERS["source_directory"]
    course = settings(root).CourseDirectory
    return Path(course.root, course.source_directory)


def _require_usual(config: Config, path: Path) -> None:
    """Raise CourseError when settings change what is read as nbgrader has it: the markers, and what is in a folder."""
    for section, words in _MARKERS.items():
        for name, value in config[section].items():
            begin = next((begin for begin in ("begin", "end") if name.startswith(f"{begin}_")), "")
            if begin and f"{begin.upper()} {words}" not in str(value):
                reason = f"c.{section}.{name} is {value!r}; the autograder knows only '{begin.upper()} {words}'."
                raise CourseError(reason, path, "Use nbgrader's own markers in the notebooks, and remove that line.")
    structure = config.CourseDirectory.get("directory_structure", _STRUCTURE)
    if structure != _STRUCTURE:
        reason = f"c.CourseDirectory.directory_structure is {structure!r}; the autograder knows only '{_STRUCTURE}'."
        raise CourseError(reason, path, "Remove that line, and name the folders in this way.")


def _run(path: Path) -> Config:
    try:
        return PyFileConfigLoader(path.name, path=str(path.parent)).load_config()
    except SystemExit as error:
        raise CourseError(str(error)) from error
    except Exception as error:  # the file is Python: it can raise anything
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise CourseError(f"cannot be imported ({reason}).", path, "Correct it and try again.") from error
