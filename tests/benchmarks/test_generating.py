"""The generated class is the same every time, and everybody answers everything."""

from __future__ import annotations

from benchmarks.generating import ASSIGNMENTS, check_cells, generate
from tests.conftest import cell


def test_the_same_class_comes_out_every_time_and_another_for_another_seed() -> None:
    """A smaller class is the beginning of a larger one."""
    assert generate(12) == generate(12)
    assert generate(12) != generate(12, seed=2)
    assert set(generate(5)) <= set(generate(12))


def test_students_answer_in_many_ways() -> None:
    """More than half of sixty differ from everybody, even where only two functions are asked for."""
    for assignment in ASSIGNMENTS:
        assert len({submission.answers for submission in generate(60, [assignment])}) > 30


def test_no_stub_is_left_and_hidden_tests_only_where_they_belong() -> None:
    """What is handed in is released text; what the floor runs has the hidden tests back."""
    for submission in generate(2):
        handed_in, restored = submission.handed_in(), submission.restored()
        assert not any(
            part.source.rstrip().endswith("raise NotImplementedError()")
            for part in handed_in.cells
            if part.cell_type == "code"
        )
        hidden = [name for name in check_cells(submission.assignment) if name.endswith("-hidden")]
        for name in hidden:
            assert "BEGIN HIDDEN" not in cell(handed_in, name).source
            assert "reference" in cell(restored, name).source
