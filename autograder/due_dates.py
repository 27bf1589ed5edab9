"""When work is due: dates as instructors write them, extensions, and how many days late something was handed in.

Times are those of the gradebook: in UTC, without a zone. A day is one of the calendar in the course's time zone, so
that work due at 23:59 is one day late until 23:59 of the next day, also when the clocks change between the two.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder.models import CourseError
from autograder.text import shown

_DAY = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 2000, 2200
_MOST_DAYS = 1000
"""The longest extension; more is a mistake in writing."""

_DATE = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:[T ]\s*(?P<time>\d\d:\d\d(?::\d\d)?))?"
    r"(?:\s*(?P<zone>[A-Za-z][\w/+-]*|[+-]\d\d:?\d\d))?"
)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")
_LENGTH = re.compile(r"(?:\d+\s*(?:w|weeks?|d|days?|h|hours?|m|min|minutes?)\s*)+", re.IGNORECASE)
_PIECE = re.compile(r"(\d+)\s*([a-z])", re.IGNORECASE)
_UNITS = {"w": 7 * _DAY, "d": _DAY, "h": timedelta(hours=1), "m": timedelta(minutes=1)}

_HOW_TO_WRITE = "Write it as 2026-12-31 23:59, or 2026-12-31 for the end of that day."


def zone_of(name: str) -> tzinfo:
    """The time zone of this name, such as Europe/Berlin; raises CourseError when nobody knows it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        advice = "Write it as Europe/Berlin or UTC."
        raise CourseError(f"the time zone '{shown(name)[:40]}' is not known.", advice=advice) from None


def moment(value: object, zone: tzinfo) -> datetime:
    """The time that a date means; one without a zone is in `zone`, one without a time of day means the end of the day.

    A time that the clocks show twice is the later one of the two. Raises CourseError when it is no date.
    """
    at = value if isinstance(value, datetime) else _written(value.strip(), zone) if isinstance(value, str) else None
    if at is None or not _FIRST_YEAR <= at.year < _LAST_YEAR:
        raise _not_a_date(value)
    return _naive(_utc(at, zone) if at.tzinfo is None else at)


def _written(text: str, zone: tzinfo) -> datetime | None:
    """The time that a text says; None when it says none."""
    if not (match := _DATE.fullmatch(text)) or not _FIRST_YEAR <= int(text[:4]) < _LAST_YEAR:
        return None
    try:
        day = datetime.fromisoformat(match["day"])
        at = datetime.combine(day, time.fromisoformat(match["time"])) if match["time"] else day + _DAY
    except ValueError:
        return None
    return _utc(at, _zone_in(match["zone"]) if match["zone"] else zone)


def _zone_in(text: str) -> tzinfo:
    if text in ("Z", "UTC"):
        return UTC
    if offset := _OFFSET.fullmatch(text):
        try:
            east = timezone(timedelta(hours=int(offset[2]), minutes=int(offset[3])))
        except ValueError:
            raise _not_a_date(text) from None
        return east if offset[1] == "+" else timezone(-east.utcoffset(None))
    return zone_of(text)


def _not_a_date(value: object) -> CourseError:
    return CourseError(f"'{shown(str(value))[:40]}' is not a date.", advice=_HOW_TO_WRITE)


def extension_in(text: str, due: datetime | None, zone: tzinfo) -> timedelta:
    """The extension that a text means: a length such as `2d`, `36h` or `1d12h`, or the date until which it lasts.

    Args:
        text: what an instructor wrote.
        due: when the assignment is due, if that is known; a date needs it.
        zone: the time zone of the course, in which days are counted.

    Raises:
        CourseError: the text is neither, or the extension would not be longer than nothing.
    """
    if _LENGTH.fullmatch(text.strip()):
        pieces = [(int(number), unit.lower()) for number, unit in _PIECE.findall(text)]
        if sum(number for number, _ in pieces) > 60 * 24 * _MOST_DAYS:
            raise _too_long(text)
        whole_days = sum((number * _UNITS[unit] for number, unit in pieces if unit in "wd"), timedelta())
        rest = sum((number * _UNITS[unit] for number, unit in pieces if unit in "hm"), timedelta())
        found = rest + (whole_days if due is None else _days_after(due, whole_days.days, zone) - due)
        if not found:
            raise CourseError(f"'{text}' gives no extra time.", advice="Use --remove to remove an extension.")
    elif _DATE.fullmatch(text.strip()):
        if due is None:
            raise CourseError("has no due date, so it is not known how long this is.", advice="Write it as 2d or 36h.")
        found = moment(text, zone) - due
        if found <= timedelta():
            raise CourseError(f"'{text}' is not after the due date, {local(due, zone)}.")
    else:
        advice = "Write it as 2d, 36h, 1d12h, or as a date such as 2026-12-31."
        raise CourseError(f"'{shown(text)[:40]}' is not an extension.", advice=advice)
    if found > _MOST_DAYS * _DAY:
        raise _too_long(text)
    return found


def _too_long(text: str) -> CourseError:
    return CourseError(f"'{shown(text)[:40]}' is longer than {_MOST_DAYS} days.", advice="Write it as 2d or 36h.")


def days_late(due: datetime, handed_in: datetime, zone: tzinfo) -> int:
    """How many days have begun after the due date when something is handed in; 0 when that is in time."""
    if handed_in <= due:
        return 0
    days = max((handed_in - due).days - 2, 1)
    while handed_in > _days_after(due, days, zone):
        days += 1
    return days


def _days_after(due: datetime, days: int, zone: tzinfo) -> datetime:
    """The same time of day, so many days later; never earlier for a later due date."""
    return due if not days else _naive(_utc(_wall_clock(due, zone) + days * _DAY, zone))


def _wall_clock(at: datetime, zone: tzinfo) -> datetime:
    """What the clocks show then; the end of an hour that they show twice when it is the second time."""
    shows = at.replace(tzinfo=UTC).astimezone(zone)
    if not shows.fold:
        return shows.replace(tzinfo=None)
    first, second = (shows.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    change = _change_between(first, second, zone)
    return (change.astimezone(zone) + (second - first)).replace(tzinfo=None, fold=0)


def _utc(wall_clock: datetime, zone: tzinfo) -> datetime:
    """When the clocks of `zone` show this: the later time of two, and the change of the clocks where they skip it."""
    first, second = (wall_clock.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return second if first <= second else _change_between(second, first, zone)


def _change_between(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The first second after a change of the clocks between two times in UTC."""
    old = before.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        is_old = datetime.fromtimestamp(middle, zone).utcoffset() == old
        low, high = (middle, high) if is_old else (low, middle)
    return datetime.fromtimestamp(high, UTC)


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def local(at: datetime, zone: tzinfo) -> str:
    """A time as the clocks of `zone` show it; midnight is the end of a day."""
    shows = at.replace(tzinfo=UTC).astimezone(zone)
    if (shows.hour, shows.minute) == (0, 0):
        return f"the end of {shows - _DAY:%Y-%m-%d} ({zone})"
    return f"{shows:%Y-%m-%d %H:%M} ({zone})"


def duration(length: timedelta) -> str:
    """A length of time in its two largest units: `1 day 3 hours`."""
    minutes = max(int(length.total_seconds() // 60), 0)
    counts = {"day": minutes // 1440, "hour": minutes // 60 % 24, "minute": minutes % 60}
    parts = [f"{count} {unit}{'s' if count > 1 else ''}" for unit, count in counts.items() if count]
    return " ".join(parts[:2]) or "less than a minute"


def time_between(start: datetime, end: datetime, zone: tzinfo) -> str:
    """The length of time between two times as clocks show it, which says 2 days also when the clocks change."""
    return duration(_wall_clock(end, zone) - _wall_clock(start, zone))
