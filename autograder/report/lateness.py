"""What pages and tables say of lateness: how late something came, what that costs and why, which extension there is."""

from __future__ import annotations

from datetime import timedelta

from autograder.due_dates import duration, local, time_between
from autograder.gradebook.read import Marks
from autograder.late_policy import Policy
from autograder.report.rendering import points


def late_by(marks: Marks, policy: Policy) -> str:
    """How long after the due date and its extension something came, such as `1 day 3 hours`; empty when it did not."""
    found = marks.lateness
    if found.due is None or found.handed_in is None:
        return "time not known" if found.is_called_late and found.handed_in is None else ""
    due = found.due + (found.extension or timedelta())
    return time_between(due, found.handed_in, policy.zone) if found.handed_in > due else ""


def sentences(marks: Marks, policy: Policy) -> list[str]:
    """What a student reads: when it was due and came, what is taken off and how that is counted, and the extension."""
    found = [_lateness(marks, policy), _cost(marks, policy), _extension(marks, policy)]
    return [each for each in found if each]


def _lateness(marks: Marks, policy: Policy) -> str:
    late = late_by(marks, policy)
    if not late:
        return "Handed in late." if marks.penalty else ""
    if marks.lateness.due is None or marks.lateness.handed_in is None:
        return "Handed in late, as your learning platform says; the time is not known."
    due = marks.lateness.due + (marks.lateness.extension or timedelta())
    return f"Handed in {late} after the due date, {local(due, policy.zone)}."


def _cost(marks: Marks, policy: Policy) -> str:
    off = f"{points(marks.penalty)} {'point is' if marks.penalty == 1 else 'points are'} taken off"
    if not marks.penalty:
        return "Nothing is taken off." if late_by(marks, policy) else ""
    days = _days(marks, policy)
    if not policy.takes_points or abs(policy.penalty(days, marks.earned, marks.max_points) - marks.penalty) > 1e-6:
        return f"{off}."
    if policy.is_cut_off(days):
        return f"Work that is more than {_counted(policy.cut_off_days or 0)} late does not count, so {off}."
    base = policy.base(marks.earned, marks.max_points)
    percent = f"{points(days * policy.percent_a_day)} % of {points(base)} points"
    whole = days * policy.percent_a_day * base / 100
    begun = f"{_counted(days)} {'have' if days > 1 else 'has'} begun"
    if whole - marks.penalty <= 1e-6:
        return f"{begun}: {percent} = {off}."
    lowest = f"{points(policy.floor_percent)} %" if policy.floor_percent else "0"
    return f"{begun}: {percent} would be {points(whole)}, but lateness takes no score below {lowest}, so {off}."


def _extension(marks: Marks, policy: Policy) -> str:
    length, due = marks.lateness.extension, marks.lateness.due
    if not length:
        return ""
    if due is None:
        return f"You have an extension of {duration(length)}."
    end = due + length
    return f"You have an extension of {time_between(due, end, policy.zone)}, until {local(end, policy.zone)}."


def _days(marks: Marks, policy: Policy) -> int:
    found = marks.lateness
    if found.due is None or found.handed_in is None:
        return policy.days_if_unknown if found.is_called_late and not found.extension else 0
    return policy.days(found.due + (found.extension or timedelta()), found.handed_in)


def _counted(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}"
