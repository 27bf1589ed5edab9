"""What lateness costs: properties of every policy, the settings, and nbgrader's own preprocessor with our plug-in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from traitlets.config import Config

from autograder.late_policy import Policy, policy_of
from autograder.models import CourseError

PERCENT = st.floats(0, 100)
POLICIES = st.builds(
    Policy,
    percent_a_day=PERCENT,
    of_earned=st.booleans(),
    floor_percent=PERCENT,
    grace=st.timedeltas(timedelta(), timedelta(days=3)),
    cut_off_days=st.none() | st.integers(0, 10),
)
DAYS, SCORES = st.integers(0, 1000), st.floats(-5, 60)
MOST = 30.0
TINY = 1e-6


@given(POLICIES, DAYS, SCORES)
def test_a_penalty_never_raises_a_score_and_never_makes_it_negative(policy: Policy, days: int, score: float) -> None:
    """Also for more points than the maximum, and for fewer than none."""
    assert 0 <= policy.penalty(days, score, MOST) <= max(score, 0)


@given(POLICIES, DAYS, DAYS, SCORES)
def test_a_later_submission_never_loses_less(policy: Policy, one: int, other: int, score: float) -> None:
    """For the same score."""
    assert policy.penalty(min(one, other), score, MOST) <= policy.penalty(max(one, other), score, MOST) + TINY


@given(POLICIES, DAYS, SCORES)
def test_no_score_falls_below_the_floor_before_the_cut_off(policy: Policy, days: int, score: float) -> None:
    """A score that is below it by itself loses nothing."""
    left = score - policy.penalty(days, score, MOST)
    if not policy.is_cut_off(days):
        base = score if policy.of_earned else MOST
        assert left >= min(score, policy.floor_percent * max(base, 0) / 100) - TINY


@given(POLICIES, SCORES)
def test_work_that_is_in_time_loses_nothing(policy: Policy, score: float) -> None:
    """Whatever the policy."""
    assert policy.penalty(0, score, MOST) == 0


@given(POLICIES, SCORES, st.timedeltas(timedelta(), timedelta(days=20)), st.timedeltas(timedelta(), timedelta(days=20)))
def test_an_extension_never_costs(policy: Policy, score: float, late: timedelta, extension: timedelta) -> None:
    """With a due date, a time, and more of it."""
    due = datetime(2026, 10, 24, 21, 59)
    with_it = policy.penalty(policy.days(due + extension, due + late), score, MOST)
    assert with_it <= policy.penalty(policy.days(due, due + late), score, MOST) + TINY


@pytest.mark.parametrize(("seconds", "days"), [(0, 0), (900, 0), (900.000001, 1), (86400 + 900, 1), (86400 + 901, 2)])
def test_grace_ends_at_its_last_moment_and_days_are_counted_from_there(seconds: float, days: int) -> None:
    """A quarter of an hour."""
    due = datetime(2026, 11, 2, 22, 59)
    assert Policy(grace=timedelta(minutes=15)).days(due, due + timedelta(seconds=seconds)) == days


@pytest.mark.parametrize(
    ("policy", "days", "penalty"),
    [
        (Policy(percent_a_day=10), 1, 3),
        (Policy(percent_a_day=10), 2, 6),
        (Policy(percent_a_day=10, of_earned=True), 2, 4),
        (Policy(percent_a_day=10, floor_percent=50), 9, 5),
        (Policy(percent_a_day=10, of_earned=True, floor_percent=50), 9, 10),
        (Policy(percent_a_day=10, floor_percent=70), 1, 0),
        (Policy(percent_a_day=10, floor_percent=50, cut_off_days=7), 7, 5),
        (Policy(percent_a_day=10, floor_percent=50, cut_off_days=7), 8, 20),
        (Policy(cut_off_days=0), 1, 20),
        (Policy(), 30, 0),
    ],
)
def test_what_each_setting_takes_off_20_of_30_points(policy: Policy, days: int, penalty: float) -> None:
    """A percentage of the maximum or of what was earned, a floor, a cut-off."""
    assert policy.penalty(days, 20, 30) == penalty


def settings(root: Path, **late: object) -> Config:
    """Those of a course with one assignment."""
    (root / "source" / "lstm").mkdir(parents=True, exist_ok=True)
    (root / "source" / "lstm" / "lstm.ipynb").touch()
    return Config({"CourseDirectory": {"root": str(root)}, "LatePolicy": late})


def test_settings_become_a_policy(tmp_path: Path) -> None:
    """A due date that is empty is none."""
    found = policy_of(
        settings(
            tmp_path, time_zone="Europe/Berlin", due={"lstm": "2026-11-02 23:59"}, percent_a_day=10, grace_minutes=15
        )
    )
    assert found.due == {"lstm": datetime(2026, 11, 2, 22, 59)} and found.grace == timedelta(minutes=15)
    assert found.takes_points and str(found.zone) == "Europe/Berlin"
    assert policy_of(settings(tmp_path, due={"lstm": ""})).due == {"lstm": None}
    plain = policy_of(settings(tmp_path))
    assert not plain.takes_points and plain.due == {} and plain.days(datetime(2026, 1, 1), datetime(2026, 1, 2)) == 1
    assert str(plain.zone) in ("UTC", str(UTC))


@pytest.mark.parametrize(
    ("late", "reason"),
    [
        ({"due": {"ltsm": "2026-11-02"}}, "'ltsm' is not an assignment"),
        ({"due": {"lstm": "02.11.2026"}}, r"c.LatePolicy.due\['lstm'\]: '02.11.2026' is not a date"),
        ({"due": "2026-11-02"}, "c.LatePolicy"),
        ({"time_zone": "Berlin"}, "time zone 'Berlin' is not known"),
        ({"percent_a_day": -10}, "percent_a_day"),
        ({"percent_a_day": 101}, "percent_a_day"),
        ({"percent_of": "everything"}, "percent_of"),
        ({"cut_off_days": "a week"}, "cut_off_days"),
        ({"percent_per_day": 10}, "no setting 'percent_per_day'"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path, late: dict[str, object], reason: str) -> None:
    """Instead of a policy that is silently another one."""
    with pytest.raises(CourseError, match=reason) as caught:
        policy_of(settings(tmp_path, **late))
    assert str(caught.value).startswith("nbgrader_config.py: ") and "\n" not in str(caught.value)
