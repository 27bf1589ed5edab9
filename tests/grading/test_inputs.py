"""When a submission was handed in: times as nbgrader, Windows and people write them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from autograder.grading.inputs import time_of
from autograder.models import CourseError, HandedIn, Submission


def read_time(content: bytes) -> datetime | None:
    """The time in a `timestamp.txt` of this content."""
    path = Path("submitted", "ada", "backprop", "backprop.ipynb")
    submission = Submission("ada", "backprop", path, path.parent.parent)
    return time_of(submission, HandedIn("ada", b"", {"timestamp.txt": content}))


@pytest.mark.parametrize(
    "content",
    [
        b"2026-01-02 10:00:00 UTC",
        "2026-01-02 10:00:00 UTC".encode("utf-8-sig"),
        "2026-01-02 10:00:00 UTC\r\n".encode("utf-16"),
        b"\xfe\xff" + "2026-01-02 10:00:00".encode("utf-16-be"),
        b"\n2026-01-02 10:00:00\n\n",
        b"2026-01-02 12:00:00 +0200",
        b"2026-01-02 05:00:00.000000 America/New_York",
        b"2026-01-02T10:00:00Z",
        b"2026-01-02T15:30:00+05:30",
        b"Fri, 02 Jan 2026 11:00:00 +0100",
        b"2026-01-02 05:00:00 AM EST",
    ],
)
def test_a_time_with_a_bom_in_utf_16_or_with_a_zone_is_read(content: bytes) -> None:
    """All of these are ten o'clock in UTC."""
    assert read_time(content) == datetime(2026, 1, 2, 10)


def test_a_submission_without_a_timestamp_has_no_time() -> None:
    """Nor has one whose file is empty."""
    assert read_time(b"") is None and read_time(b"\xef\xbb\xbf\n") is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"2026-01-02 10:00:00\n2026-01-03 10:00:00", "has 2 lines"),
        (b"2026-01-02 10:00:00 CEST", "'CEST' is not known"),
        (b"2026-01-02 10:00:00 Mars/Olympus", "'Mars/Olympus' is not known"),
        (b"2026-01-02 10:00:00 UTC+3", "'UTC+3' can be read in two ways"),
        (b"10:30", "'10:30' says no day"),
        (b"yesterday", "'yesterday' is not a time"),
        (b"0001-01-01 00:00 +1400", "is not a time"),
        (b"\x00\xff\x1b[31m", "is not a time"),
    ],
)
def test_what_is_not_one_certain_time_is_refused_in_one_line(content: bytes, reason: str) -> None:
    """The line names the file, says what is wrong with it, and how to write it."""
    with pytest.raises(CourseError) as refusal:
        read_time(content)
    line = str(refusal.value)
    assert reason in line and "timestamp.txt" in line and "2026-12-31 23:59:00 +0100" in line
    assert len(line.splitlines()) == 1 and line.isprintable()
