"""The numbers of item analysis, against SciPy and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from autograder.report.class_report import Item, histogram, point_biserial


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 30)), min_size=2, max_size=40))
def test_discrimination_is_the_point_biserial_correlation(answers: list[tuple[bool, int]]) -> None:
    """As SciPy computes it, and nothing where it is not defined."""
    passed, rest = np.array([each[0] for each in answers]), np.array([float(each[1]) for each in answers])
    found = point_biserial(passed, rest)
    if len(set(passed)) < 2 or len(set(rest)) < 2:
        assert found is None
    else:
        assert found == pytest.approx(stats.pointbiserialr(passed, rest).statistic, abs=1e-9)


@given(st.lists(st.floats(-2, 35), max_size=60), st.floats(1, 100))
def test_everybody_stands_in_the_histogram_once(points: list[float], most: float) -> None:
    """Those below 0 and above the most, by a penalty or for extra work, included."""
    classes = histogram(points, most)
    assert sum(count for _, _, count in classes) == len(points)
    assert len(classes) == 10 and classes[0][0] == 0 and classes[-1][1] == pytest.approx(most)


@pytest.mark.parametrize(
    ("judged", "share", "discrimination", "remark"),
    [
        (20, 0.5, 0.6, ""),
        (20, 0.5, 0.05, "good and weak students pass alike"),
        (20, 1.0, None, "everybody has full points"),
        (20, 0.0, None, "nobody has full points"),
        (3, 1.0, None, ""),
    ],
)
def test_a_check_that_tells_nobody_apart_is_remarked(
    judged: int, share: float, discrimination: float | None, remark: str
) -> None:
    """Unless there are too few to tell."""
    assert Item("relu-shown", "relu", "Shown checks", judged, share, discrimination).remark == remark
