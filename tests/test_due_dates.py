"""Dates, extensions and days: what a text means, and how late something is in any time zone and at any time of year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.due_dates import days_late, duration, extension_in, moment, time_between, zone_of
from autograder.models import CourseError

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",  # its clocks change by half an hour
            "Asia/Kathmandu",
            "Pacific/Apia",  # it once left out a day
            "Africa/Casablanca",
        )
    ]
)
TIMES = st.datetimes(datetime(2011, 1, 1), datetime(2035, 1, 1))
CHANGES = st.sampled_from(
    [datetime(2026, 10, 25), datetime(2026, 3, 29), datetime(2011, 12, 30), datetime(2028, 2, 29)]
)
NEAR_CHANGES = st.builds(lambda day, minutes: day + timedelta(minutes=minutes), CHANGES, st.integers(-3000, 3000))
ANY_TIME = TIMES | NEAR_CHANGES
LENGTHS = st.timedeltas(timedelta(), timedelta(days=400)) | st.builds(
    lambda days, minutes: timedelta(days, minutes * 60), st.integers(0, 10), st.integers(0, 120)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-02 23:59", datetime(2026, 11, 2, 22, 59)),
        ("2026-11-02", datetime(2026, 11, 2, 23)),  # the end of the day
        ("2026-11-02T23:59:30 +0530", datetime(2026, 11, 2, 18, 29, 30)),
        ("2026-07-02 23:59", datetime(2026, 7, 2, 21, 59)),  # in summer
        ("2026-07-02 23:59 America/New_York", datetime(2026, 7, 3, 3, 59)),
        ("2026-07-02 23:59Z", datetime(2026, 7, 2, 23, 59)),
        ("2028-02-29 12:00", datetime(2028, 2, 29, 11)),
        ("2026-10-25 02:30", datetime(2026, 10, 25, 1, 30)),  # shown twice: the later one
        ("2026-03-29 02:30", datetime(2026, 3, 29, 1)),  # left out: when the clocks change
        (datetime(2026, 11, 2, 23, 59), datetime(2026, 11, 2, 22, 59)),
        (datetime(2026, 11, 2, 23, 59, tzinfo=UTC), datetime(2026, 11, 2, 23, 59)),
    ],
)
def test_a_date_is_a_time_in_the_zone_of_the_course_unless_it_names_another(text: object, expected: datetime) -> None:
    """As the gradebook holds it: in UTC, without a zone."""
    assert moment(text, BERLIN) == expected


@pytest.mark.parametrize(
    "value",
    [
        *("2026-02-29", "02/11/2026", "11-02", "2026-11-02 24:61", "soon", "", "0001-01-01", "9999-12-31", 5, None),
        *("2026-11-02 23:59 +9900", "2026-11-02 23:59 Mars/Olympus", "1999-12-31", datetime(1, 1, 1)),
    ],
)
def test_what_is_no_date_is_refused_in_one_line(value: object) -> None:
    """It says how to write one, or which zone nobody knows."""
    with pytest.raises(CourseError, match=r"^'.*' is not a date\. Write it as|time zone") as caught:
        moment(value, BERLIN)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2d", timedelta(days=2, hours=1)),  # the clocks go back in between, and 23:59 stays 23:59
        ("36h", timedelta(hours=36)),
        ("1d12h", timedelta(days=1, hours=13)),
        ("1 week", timedelta(days=7, hours=1)),
        ("90 min", timedelta(minutes=90)),
        ("2026-10-26 23:59", timedelta(days=2, hours=1)),
    ],
)
def test_an_extension_is_a_length_in_days_of_the_calendar_and_hours_or_a_date(text: str, expected: timedelta) -> None:
    """For work that is due the evening before clocks change."""
    assert extension_in(text, datetime(2026, 10, 24, 21, 59), BERLIN) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2", "is not an extension"),
        ("-2d", "is not an extension"),
        ("0d", "gives no extra time. Use --remove"),
        ("2026-10-01", "is not after the due date"),
        ("99999999999999d", "longer than 1000 days"),
        ("1001d", "longer than 1000 days"),
        ("2026-02-30", "is not a date"),
    ],
)
def test_what_is_no_extension_is_refused(text: str, reason: str) -> None:
    """Nothing negative, nothing empty, nothing beyond all reason."""
    with pytest.raises(CourseError, match=reason):
        extension_in(text, datetime(2026, 10, 24, 21, 59), BERLIN)


def test_a_date_needs_a_due_date_to_extend_and_a_length_does_not() -> None:
    """A student may be given two days before anybody knows until when."""
    assert extension_in("2d", None, BERLIN) == timedelta(days=2)
    with pytest.raises(CourseError, match="has no due date"):
        extension_in("2026-12-31", None, BERLIN)


def test_an_unknown_zone_is_named() -> None:
    """Also one that is a path."""
    for name in ("Europe/Berlim", "../../etc/passwd", ""):
        with pytest.raises(CourseError, match="is not known"):
            zone_of(name)


@given(ANY_TIME, ZONES)
def test_work_that_comes_exactly_when_it_is_due_is_in_time(due: datetime, zone: ZoneInfo) -> None:
    """And a microsecond later it is not."""
    assert days_late(due, due, zone) == 0
    assert days_late(due, due + timedelta(microseconds=1), zone) == 1


@given(ANY_TIME, LENGTHS, LENGTHS, ZONES)
def test_later_is_never_fewer_days_late(due: datetime, one: timedelta, other: timedelta, zone: ZoneInfo) -> None:
    """Whatever the clocks do."""
    assert days_late(due, due + min(one, other), zone) <= days_late(due, due + max(one, other), zone)


@given(ANY_TIME, LENGTHS, LENGTHS, ZONES)
def test_an_extension_never_adds_a_day(due: datetime, late: timedelta, extension: timedelta, zone: ZoneInfo) -> None:
    """Also one that ends in an hour that clocks show twice."""
    assert days_late(due + extension, due + late, zone) <= days_late(due, due + late, zone)


@given(ANY_TIME, LENGTHS, ZONES)
def test_a_day_is_24_hours_give_or_take_a_change_of_the_clocks(due: datetime, late: timedelta, zone: ZoneInfo) -> None:
    """Which is a day at most."""
    whole = -(-late // timedelta(days=1))
    assert abs(days_late(due, due + late, zone) - whole) <= (2 if zone.key == "Pacific/Apia" else 1)


def test_the_day_after_ends_when_the_clocks_show_the_same_time() -> None:
    """25 hours later in October, 23 in March."""
    autumn, spring = moment("2026-10-24 23:59", BERLIN), moment("2026-03-28 23:59", BERLIN)
    for due, hours in ((autumn, 25), (spring, 23)):
        assert days_late(due, due + timedelta(hours=hours), BERLIN) == 1
        assert days_late(due, due + timedelta(hours=hours, seconds=1), BERLIN) == 2
        assert time_between(due, due + timedelta(hours=hours), BERLIN) == "1 day"


def test_a_length_is_said_in_its_two_largest_units() -> None:
    """Nothing is rounded up."""
    assert duration(timedelta(days=1, hours=3, minutes=59)) == "1 day 3 hours"
    assert duration(timedelta(minutes=61)) == "1 hour 1 minute"
    assert duration(timedelta(seconds=59)) == "less than a minute"
