"""How learning platforms name what they hand out, and under which names they take feedback back.

Canvas reads the first two numbers between underscores as the user's and the attachment's; Moodle splits a folder's
name at its first four underscores. What Blackboard writes, nothing of it takes back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath

_HALF = 0.5


class Platform(Enum):
    """Where a download comes from; a `FOLDER` has a folder for each student."""

    CANVAS = "canvas"
    MOODLE = "moodle"
    BLACKBOARD = "blackboard"
    FOLDER = "folder"


@dataclass(frozen=True)
class HandedOut:
    """What the name of one file in a download says.

    Args:
        key: who handed it in, as the platform names one person or group: a number, a login, a folder's name.
        name: the same for people to read, as far as the name says it.
        file: the file's path in the submission.
        attachment: the platform's number for this file or attempt, by which later ones sort behind earlier ones.
        is_late: whether the platform marks it as late.
        is_anonymous: whether the name was hidden.
        receipt: whether it is the platform's own note on a submission, not a file of it.
    """

    key: str
    name: str
    file: PurePosixPath
    attachment: str = ""
    is_late: bool = False
    is_anonymous: bool = False
    receipt: bool = False


Names = Mapping[PurePosixPath, HandedOut]


def read_names(
    paths: Sequence[PurePosixPath], platform: Platform | None, known: Collection[str], assignments: Collection[str]
) -> tuple[Platform, Names]:
    """Which platform a download comes from, and what its names say; files that it does not name so are left out.

    Args:
        paths: all paths in the download.
        platform: where it comes from, if that is known.
        known: the platform's ids of students that are known already, which settle what a number means.
        assignments: the names of the course's assignments, which are no names of students.
    """
    if platform is not None:
        return platform, _best(paths, _READERS[platform], known, assignments)
    for each in (Platform.MOODLE, Platform.BLACKBOARD, Platform.CANVAS):
        names = _best(paths, _READERS[each], known, assignments)
        if names and len(names) >= _HALF * len(paths):
            return each, names
    return Platform.FOLDER, _best(paths, _folder, known, assignments)


_Reader = Callable[[Sequence[PurePosixPath], Collection[str], Collection[str]], Names]


def _best(
    paths: Sequence[PurePosixPath], reader: _Reader, known: Collection[str], assignments: Collection[str]
) -> Names:
    """What a reader makes of the paths, or of the paths in the one folder that holds them all."""
    if reader is not _folder and not (names := reader(paths, known, assignments)):
        below = {PurePosixPath(*path.parts[1:]): path for path in paths if len(path.parts) > 1}
        if len(below) == len(paths) and len({path.parts[0] for path in paths}) == 1:
            return {below[path]: name for path, name in reader(list(below), known, assignments).items()}
        return names
    return reader(paths, known, assignments)


def _canvas(paths: Sequence[PurePosixPath], known: Collection[str], assignments: Collection[str]) -> Names:
    found = ((path, _canvas_name(path.name, known)) for path in paths if len(path.parts) == 1)
    return {path: name for path, name in found if name is not None}


_ANONYMOUS = re.compile(r"(?P<late>LATE_)?anon_(?P<key>[^_]+)_(?:(?P<attachment>\d+)_)?(?P<file>.+)")
_NO_FILE = ("text.html", "link.html")


def _canvas_name(name: str, known: Collection[str]) -> HandedOut | None:
    if match := _ANONYMOUS.fullmatch(name):
        file, attachment = PurePosixPath(match["file"]), match["attachment"] or ""
        if not attachment and match["file"] not in _NO_FILE:
            return None
        key = f"anon_{match['key']}"
        return HandedOut(key, key, file, attachment, is_late=bool(match["late"]), is_anonymous=True)
    parts = name.split("_")
    if len(parts) > 2 and parts[-1] in _NO_FILE and _is_number(parts[-2]):
        return _canvas_handed_out(parts[:-2], parts[-2], "", parts[-1])
    pairs = [at for at in range(1, len(parts) - 2) if _is_number(parts[at]) and _is_number(parts[at + 1])]
    if not pairs:
        return None
    # A group or a file may have a number in its name, too: both ids are long, or the first is one that is known.
    at = max(pairs, key=lambda at: (parts[at] in known, min(len(parts[at]), len(parts[at + 1])), -at))
    return _canvas_handed_out(parts[:at], parts[at], parts[at + 1], "_".join(parts[at + 2 :]))


def _canvas_handed_out(before: list[str], user: str, attachment: str, file: str) -> HandedOut | None:
    is_late = len(before) > 1 and before[-1] == "LATE"
    name = "_".join(before[:-1] if is_late else before)
    return HandedOut(user, name, PurePosixPath(file), attachment, is_late) if name and file else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


_MOODLE = re.compile(r"(?P<name>.*)_(?P<key>\d+)_assignsubmission_[a-z0-9]+(?:_(?P<file>.*))?", re.DOTALL)
_FEW = 3


def _moodle(paths: Sequence[PurePosixPath], known: Collection[str], assignments: Collection[str]) -> Names:
    matches = {path: match for path in paths if (match := _MOODLE.fullmatch(path.parts[0]))}
    keys: dict[str, set[str]] = {}
    for match in matches.values():
        keys.setdefault(match["name"], set()).add(match["key"])
    found = {}
    for path, match in matches.items():
        name = " ".join(match["name"].replace("_", " ").split())
        file = PurePosixPath(*filter(None, (match["file"],)), *path.parts[1:])
        # With hidden names, everybody is called "Participant" in the teacher's language.
        is_anonymous = name.casefold() == "participant" or (len(keys[match["name"]]) >= _FEW and len(keys) == 1)
        if file.parts:
            found[path] = HandedOut(match["key"], name, file, is_anonymous=is_anonymous)
    return found


_BLACKBOARD = re.compile(
    r"(?P<who>.+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|(?P<receipt>\.txt))", re.DOTALL
)


def _blackboard(paths: Sequence[PurePosixPath], known: Collection[str], assignments: Collection[str]) -> Names:
    matches = {
        path: match
        for path in paths
        if len(path.parts) == 1 and (match := _BLACKBOARD.fullmatch(path.name)) is not None
    }
    users = Counter(who.rpartition("_")[2] for who in {match["who"] for match in matches.values()})
    found = {}
    for path, match in matches.items():
        user = match["who"].rpartition("_")[2]
        key = user if users[user] == 1 and user else match["who"]  # a login may have an underscore
        file = PurePosixPath(match["file"] or "receipt.txt")
        found[path] = HandedOut(key, key, file, match["time"], receipt=bool(match["receipt"]))
    return found


def _folder(paths: Sequence[PurePosixPath], known: Collection[str], assignments: Collection[str]) -> Names:
    """A folder for each student, in one folder or not, or a notebook for each, which is named for the student."""
    others = set(assignments)
    second = {path.parts[1] for path in paths if len(path.parts) > 2 and path.suffix == ".ipynb"}
    is_in_one = len({path.parts[0] for path in paths}) == 1 and len(second) > 1 and not second <= others
    is_flat = (
        len({path.parts[0] for path in paths}) == 1
        and len(paths) > 1
        and all(len(path.parts) == 2 and path.suffix == ".ipynb" and _without(path.stem, assignments) for path in paths)
    )
    skipped = 1 if is_in_one or is_flat else 0
    found = {}
    for path in paths:
        student, *rest = path.parts[skipped:]
        if rest:
            found[path] = HandedOut(student, student, PurePosixPath(*rest))
        elif path.suffix == ".ipynb" and (name := _without(path.stem, assignments)):
            found[path] = HandedOut(name, name, PurePosixPath(path.name))
    return found


def _without(stem: str, assignments: Collection[str]) -> str:
    """What a file's name says beside the names of assignments."""
    for name in sorted(assignments, key=len, reverse=True):
        stem = re.sub(rf"(?i)(?:^|[-_. ]+){re.escape(name)}(?=$|[-_. ])", "", stem)
    return stem.strip("-_. ")


_READERS: Mapping[Platform, _Reader] = {
    Platform.CANVAS: _canvas,
    Platform.MOODLE: _moodle,
    Platform.BLACKBOARD: _blackboard,
    Platform.FOLDER: _folder,
}


def name_for_return(platform: Platform, handed_out: HandedOut, page: str) -> str | None:
    """The path in an archive under which the platform gives the file `page` to the student who handed this in.

    None when the platform cannot: Canvas finds a student by an uploaded file only.

    Args:
        platform: where the submission comes from.
        handed_out: what its name said.
        page: the name of the file to give back.
    """
    if platform is Platform.MOODLE:
        who = handed_out.name.replace("_", " ").replace("/", " ") or "Participant"
        return f"{who}_{handed_out.key}_assignsubmission_file/{page}"
    if platform is Platform.FOLDER:
        return f"{handed_out.key}/{page}"
    if platform is Platform.BLACKBOARD:
        return f"{handed_out.key}_attempt_{handed_out.attachment}_{page}"
    if not handed_out.attachment:
        return None
    late = "LATE_" if handed_out.is_late else ""
    if handed_out.is_anonymous:
        return f"{late}{handed_out.key}_{handed_out.attachment}_{page}"
    parts = handed_out.name.split("_")
    # A number that stands alone in a group's name would be read as the user's.
    who = "-".join(["", *parts] if parts[0].isdigit() else parts) if any(map(str.isdigit, parts)) else handed_out.name
    return f"{who}_{late}{handed_out.key}_{handed_out.attachment}_{page}"
