"""An error says in its fields what is wrong, where, and what to do; its text is one line."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from autograder.files import NotAPath
from autograder.models import CourseError
from autograder.notebook import NotANotebook


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (CourseError("missing."), "missing."),
        (CourseError("missing.", Path("source")), "source: missing."),
        (CourseError("missing.", advice="Ask for it."), "missing. Ask for it."),
        (CourseError("missing.", "source", "Ask for it."), "source: missing. Ask for it."),
    ],
)
def test_an_errors_text_is_made_of_its_fields(error: CourseError, text: str) -> None:
    """A field that is empty leaves no trace."""
    assert str(error) == text


def test_an_error_within_a_place_names_both() -> None:
    """The outer place comes first; reason and advice stay."""
    inner = CourseError("missing.", "data.csv", "Ask for it.")
    assert str(inner.within("ada")) == "ada: data.csv: missing. Ask for it."
    assert str(CourseError("missing.").within("ada")) == "ada: missing."
    assert (inner.within("ada").reason, inner.within("ada").advice) == ("missing.", "Ask for it.")


@pytest.mark.parametrize("kind", [CourseError, NotANotebook, NotAPath])
def test_an_error_is_the_same_in_another_process(kind: type[CourseError]) -> None:
    """Graders and Dask workers send it as a pickle."""
    error = kind("missing.", "source", "Ask for it.")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind and str(again) == str(error)
    assert (again.reason, again.where, again.advice) == ("missing.", "source", "Ask for it.")
