"""The names in downloads: whose a file is, when a name can be read in two ways, and the name it goes back under."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from autograder.lms.platforms import HandedOut, Platform, name_for_return, read_names

ASSIGNMENTS = ("backprop", "lstm")


def read(*names: str, known: tuple[str, ...] = ()) -> tuple[Platform, dict[str, HandedOut]]:
    """What these names say."""
    platform, found = read_names([PurePosixPath(name) for name in names], None, known, ASSIGNMENTS)
    return platform, {path.as_posix(): each for path, each in found.items()}


@pytest.mark.parametrize(
    ("name", "key", "attachment", "file"),
    [
        ("lovelaceada_12345_6789012_backprop.ipynb", "12345", "6789012", "backprop.ipynb"),
        ("lovelaceada_LATE_12345_6789012_2_3_a.ipynb", "12345", "6789012", "2_3_a.ipynb"),
        ("team_5_12345_6789012_a.ipynb", "12345", "6789012", "a.ipynb"),
        ("5_12345_6789012_a.ipynb", "12345", "6789012", "a.ipynb"),
        ("lovelaceada_12345_text.html", "12345", "", "text.html"),
        ("LATE_anon_Ab3xY_678_a_b.ipynb", "anon_Ab3xY", "678", "a_b.ipynb"),
        ("anon_Ab3xY_link.html", "anon_Ab3xY", "", "link.html"),
        ("李明_12345_678_作业.ipynb", "12345", "678", "作业.ipynb"),
    ],
)
def test_a_name_of_canvas_says_whose_the_file_is(name: str, key: str, attachment: str, file: str) -> None:
    """Numbers in a group's or a file's name are not taken for ids, and LATE is not part of a name."""
    platform, found = read(name)
    assert platform is Platform.CANVAS
    assert (found[name].key, found[name].attachment, found[name].file.as_posix()) == (key, attachment, file)
    assert found[name].is_late == ("LATE_" in name) and "LATE" not in found[name].name


def test_an_id_that_is_known_settles_what_a_number_means() -> None:
    """Without it, the longer numbers count."""
    name = "team_7_12_34567_a.ipynb"
    assert read(name)[1][name].key == "12" and read(name, known=("7",))[1][name].key == "7"


@pytest.mark.parametrize(
    ("name", "who", "file"),
    [
        ("Ada Lovelace_501_assignsubmission_file/a/b.ipynb", "Ada Lovelace", "a/b.ipynb"),
        ("Ada Lovelace_501_assignsubmission_file_/b.ipynb", "Ada Lovelace", "b.ipynb"),
        ("Ada Lovelace_501_assignsubmission_file_b_1.ipynb", "Ada Lovelace", "b_1.ipynb"),
        ("al123_Ada Lovelace_501_assignsubmission_file_b.ipynb", "al123 Ada Lovelace", "b.ipynb"),
        ("course-hw-9/Ada Lovelace_501_assignsubmission_file_/b.ipynb", "Ada Lovelace", "b.ipynb"),
        ("Ada Lovelace_501_assignsubmission_onlinetext/onlinetext.html", "Ada Lovelace", "onlinetext.html"),
    ],
)
def test_a_name_of_moodle_is_read_from_the_right(name: str, who: str, file: str) -> None:
    """In folders or not, of old and new versions, with more before the name, in one folder more."""
    platform, found = read(name)
    assert platform is Platform.MOODLE
    assert (found[name].key, found[name].name, found[name].file.as_posix()) == ("501", who, file)


def test_logins_of_blackboard_that_end_alike_are_not_one_student() -> None:
    """An underscore may be part of a login."""
    names = [f"Back_prop_{login}_attempt_2026-01-02-10-00-00_a.ipynb" for login in ("ada_l", "kurt_l", "emmy")]
    platform, found = read(*names)
    assert platform is Platform.BLACKBOARD and len({each.key for each in found.values()}) == 3
    assert found[names[2]].key == "emmy"


@pytest.mark.parametrize(
    ("names", "students"),
    [
        (("ada/backprop.ipynb", "kurt/x.ipynb"), ["ada", "kurt"]),
        (("class/ada/backprop.ipynb", "class/kurt/x.ipynb"), ["ada", "kurt"]),
        (("ada/backprop/backprop.ipynb", "ada/lstm/lstm.ipynb"), ["ada"]),
        (("ada_backprop.ipynb", "backprop-kurt.ipynb", "backprop.ipynb"), ["ada", "kurt"]),
        (("class/ada.ipynb", "class/kurt.ipynb"), ["ada", "kurt"]),
        (("ada/backprop.ipynb", "ada/lstm.ipynb"), ["ada"]),
    ],
)
def test_anything_else_is_read_as_a_folder_for_each_student(names: tuple[str, ...], students: list[str]) -> None:
    """Or as a notebook for each, which is named for the student."""
    platform, found = read(*names)
    assert platform is Platform.FOLDER and sorted({each.key for each in found.values()}) == students


@pytest.mark.parametrize("group", ["team_5", "5", "5_team", "a_1_2"])
def test_canvas_finds_the_upload_of_a_group_with_a_number_in_its_name(group: str) -> None:
    """It reads the first two numbers between underscores."""
    handed_out = HandedOut("12345", group, PurePosixPath("a.ipynb"), "678", is_late=True)
    name = name_for_return(Platform.CANVAS, handed_out, "a.html")
    assert name and [part for part in name.split("_") if part.isdigit()][:2] == ["12345", "678"]


def test_a_text_that_was_entered_on_canvas_has_no_upload_to_answer() -> None:
    """Canvas would ignore the page."""
    assert name_for_return(Platform.CANVAS, HandedOut("1", "a", PurePosixPath("text.html")), "a.html") is None
