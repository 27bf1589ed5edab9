"""What is remembered of a learning platform, in `grading/collected.json`: who is who, and what each submission was.

The file holds the platform's own ids and names, which nothing else of the course needs, and no score.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from traitlets.config import Config

from autograder.files import keep
from autograder.models import CourseError

FILE = "collected.json"


class KnownStudent(msgspec.Struct, frozen=True, omit_defaults=True):
    """A student, by the names that a platform has for one person; `canvas` is the number of a user."""

    name: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    login: str = ""
    canvas: str = ""
    sis: str = ""


class Submission(msgspec.Struct, omit_defaults=True):
    """One submission as the platform names it, and what was written of it.

    Args:
        platform: where it comes from.
        key: the platform's number or login of the person or group that handed it in.
        name: the name that stood in the download.
        attachment: the platform's number of the file or the attempt.
        is_late: whether the platform marks it as late; it may say no time.
        is_anonymous: whether names were hidden.
        time: when it was handed in, as far as the platform says it.
        modified: the time of the file in the download.
        digest: what was written, so that later changes by hand are seen.
        members: the students of a group, by their ids in the gradebook or on the platform.
    """

    platform: str
    key: str
    name: str
    attachment: str = ""
    is_late: bool = False
    is_anonymous: bool = False
    time: str = ""
    modified: str = ""
    digest: str = ""
    members: list[str] = []


class Collected(msgspec.Struct):
    """Everything that is remembered: students by their ids in the course, submissions by assignment and student."""

    students: dict[str, KnownStudent] = {}
    submissions: dict[str, dict[str, Submission]] = {}


def place(config: Config) -> Path:
    """Where it is kept: beside the folder of submissions."""
    return Path(config.CourseDirectory.root, config.CourseDirectory.submitted_directory).parent / FILE


def read(config: Config) -> Collected:
    """What is remembered, nothing before the first time; raises CourseError when the file is damaged."""
    path = place(config)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Collected)
    except FileNotFoundError:
        return Collected()
    except OSError as error:
        raise CourseError(f"cannot be read ({error.strerror}).", path, "Check its permissions.") from None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        advice = "Put a copy of it back, or move it away and collect again."
        raise CourseError("damaged.", path, advice) from None


def write(config: Config, collected: Collected) -> None:
    """Keep it; the file is there whole at any moment."""
    keep(place(config), msgspec.json.format(msgspec.json.encode(collected), indent=1) + b"\n")
