"""The gradebook's file: whole after each command, and never touched when it is not one of this nbgrader."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.fast import newest_schema
from autograder.gradebook.database import engine, leave_whole
from autograder.models import CourseError
from tests.conftest import REPOSITORY

OLD_VERSION = "724cde206c17"
OLD_TABLES = """
CREATE TABLE assignment (id VARCHAR(32) PRIMARY KEY, name VARCHAR(128) NOT NULL UNIQUE, duedate DATETIME);
CREATE TABLE student (id VARCHAR(128) PRIMARY KEY, first_name VARCHAR(128), last_name VARCHAR(128),
    email VARCHAR(128));
CREATE TABLE notebook (id VARCHAR(32) PRIMARY KEY, name VARCHAR(128) NOT NULL, kernelspec VARCHAR(1024),
    assignment_id VARCHAR(32), UNIQUE (name, assignment_id));
CREATE TABLE submitted_assignment (id VARCHAR(32) PRIMARY KEY, assignment_id VARCHAR(32), student_id VARCHAR(128),
    timestamp DATETIME, extension DATETIME, UNIQUE (assignment_id, student_id));
CREATE TABLE grade_cell (id VARCHAR(32) PRIMARY KEY, name VARCHAR(128) NOT NULL, max_score FLOAT NOT NULL,
    cell_type VARCHAR(8) NOT NULL, notebook_id VARCHAR(32), UNIQUE (name, notebook_id));
CREATE TABLE solution_cell (id VARCHAR(32) PRIMARY KEY, name VARCHAR(128) NOT NULL, notebook_id VARCHAR(32),
    UNIQUE (name, notebook_id));
CREATE TABLE source_cell (id VARCHAR(32) PRIMARY KEY, name VARCHAR(128) NOT NULL, cell_type VARCHAR(8) NOT NULL,
    locked BOOLEAN NOT NULL, source TEXT, checksum VARCHAR(128), notebook_id VARCHAR(32), UNIQUE (name, notebook_id));
CREATE TABLE submitted_notebook (id VARCHAR(32) PRIMARY KEY, assignment_id VARCHAR(32), notebook_id VARCHAR(32),
    flagged BOOLEAN, late_submission_penalty FLOAT, UNIQUE (notebook_id, assignment_id));
CREATE TABLE grade (id VARCHAR(32) PRIMARY KEY, notebook_id VARCHAR(32), cell_id VARCHAR(32), auto_score FLOAT,
    manual_score FLOAT, extra_credit FLOAT, needs_manual_grade BOOLEAN NOT NULL, UNIQUE (cell_id, notebook_id));
CREATE TABLE comment (id VARCHAR(32) PRIMARY KEY, notebook_id VARCHAR(32), cell_id VARCHAR(32), auto_comment TEXT,
    manual_comment TEXT, UNIQUE (cell_id, notebook_id));
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);
INSERT INTO student VALUES ('ada', 'Ada', 'Lovelace', NULL);
"""
"""What nbgrader 0.5 made, before it knew courses and tasks."""


def refused(path: Path) -> str:
    """The line with which opening the gradebook at `path` is refused."""
    with pytest.raises(CourseError) as caught:
        engine(f"sqlite:///{path}")
    return str(caught.value)


def old_gradebook(path: Path, version: str | None = OLD_VERSION) -> Path:
    """A gradebook of nbgrader 0.5 with one student."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(OLD_TABLES)
        if version is not None:
            connection.execute("INSERT INTO alembic_version VALUES (?)", (version,))
    return path


def rows_of_a_copy(path: Path, copy: Path) -> list[tuple[str]]:
    """The students in a copy of the one file at `path`."""
    shutil.copyfile(path, copy)
    with contextlib.closing(sqlite3.connect(copy)) as connection:
        return connection.execute("SELECT id FROM student").fetchall()


def enter_student(path: Path) -> None:
    """Open the gradebook at `path` as a command does, and write into it."""
    with engine(f"sqlite:///{path}").begin() as connection:
        connection.exec_driver_sql("INSERT INTO student (id) VALUES ('ada')")


def test_a_copy_of_the_one_file_holds_everything_when_the_program_has_ended(tmp_path: Path) -> None:
    """As by mail, a backup, or git."""
    path = tmp_path / "gradebook.db"
    code = "import pathlib, sys; from tests.gradebook.test_database import *; enter_student(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, path], cwd=REPOSITORY, check=True)
    assert [each.name for each in tmp_path.iterdir()] == ["gradebook.db"]
    assert rows_of_a_copy(path, tmp_path / "copy.db") == [("ada",)]


def test_a_copy_holds_everything_also_while_formgrader_has_the_gradebook_open(tmp_path: Path) -> None:
    """Its log cannot be removed then, but is empty."""
    path = tmp_path / "gradebook.db"
    enter_student(path)
    with Gradebook(f"sqlite:///{path}") as gradebook:
        assert [student.id for student in gradebook.students] == ["ada"]
        gradebook.db.commit()
        leave_whole(engine(f"sqlite:///{path}"))
        assert rows_of_a_copy(path, tmp_path / "copy.db") == [("ada",)]


def test_a_gradebook_that_was_moved_away_is_not_made_again_at_the_end(tmp_path: Path) -> None:
    """Only a command that writes makes one."""
    path = tmp_path / "gradebook.db"
    enter_student(path)
    engine(f"sqlite:///{path}").dispose()
    path.unlink()
    leave_whole(engine(f"sqlite:///{path}"))
    assert not path.exists()


def test_a_gradebook_of_an_older_nbgrader_is_left_alone_until_it_is_upgraded(tmp_path: Path) -> None:
    """The line says how, and that way works."""
    path = old_gradebook(tmp_path / "gradebook.db")
    before = path.read_bytes()
    line = refused(path)
    assert line.startswith(f"{path}: the gradebook was made by an older nbgrader. Run `nbgrader db upgrade`")
    assert path.read_bytes()[100:] == before[100:]
    programs = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    words = [str(programs / "nbgrader"), "db", "upgrade", "--db", f"sqlite:///{path}"]
    subprocess.run(words, cwd=tmp_path, env=environment, check=True, capture_output=True)
    with engine(f"sqlite:///{path}").connect() as connection:
        assert connection.exec_driver_sql("SELECT id FROM student").scalar() == "ada"


def test_a_gradebook_without_a_version_is_an_old_one(tmp_path: Path) -> None:
    """As before nbgrader noted any."""
    assert "older nbgrader" in refused(old_gradebook(tmp_path / "gradebook.db", version=None))


def test_a_gradebook_of_a_newer_nbgrader_is_refused(tmp_path: Path) -> None:
    """Its tables may mean something else."""
    line = refused(old_gradebook(tmp_path / "gradebook.db", version="ffffffffffff"))
    assert "made by a newer nbgrader. Install the newer version of nbgrader." in line


def test_a_gradebook_that_nbgrader_could_not_finish_is_used(tmp_path: Path) -> None:
    """Without `alembic` on the path, nbgrader makes all tables and then stops."""
    path = tmp_path / "gradebook.db"
    enter_student(path)
    engine(f"sqlite:///{path}").dispose()
    engine.cache_clear()
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE alembic_version")
    with engine(f"sqlite:///{path}").connect() as open_connection:
        found = open_connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    assert found == [newest_schema()]


@pytest.mark.parametrize("content", [b"This is a text.\n" * 100, b"SQLite format 3\x00" + b"\xff" * 4080])
def test_a_damaged_gradebook_is_refused_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    """It is not overwritten."""
    path = tmp_path / "gradebook.db"
    path.write_bytes(content)
    assert "The file is damaged. Replace it with a copy" in refused(path)
    assert path.read_bytes() == content
