"""Opening the gradebook's database: nbgrader's own schema, and two tables that this package adds."""

from __future__ import annotations

import functools
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import filelock
import sqlalchemy as sa
import sqlalchemy.exc
from nbgrader.api import Base, Course

from autograder.fast import newest_schema
from autograder.models import CourseError

_WAIT_SECONDS = 60
_LOCK = 5_011_729
"""The number of this package's lock among PostgreSQL's advisory locks."""

_PRIMARY_CODE = 0xFF
"""The part of SQLite's error numbers that says which error it is; the rest says more about it."""

NO_RESPONSE = "No response."
"""The comment, in nbgrader's words, on an answer that is as it was handed out."""

own = sa.MetaData()
graded = sa.Table(
    "autograder_graded",
    own,
    sa.Column("assignment", sa.String(128), primary_key=True),
    sa.Column("student", sa.String(128), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
)
"""What each submission was last graded under, written in one transaction with its scores."""

registered = sa.Table(
    "autograder_registered",
    own,
    sa.Column("assignment", sa.String(128), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
)
"""Which version of each assignment's source the gradebook holds."""


@functools.cache
def engine(db_url: str) -> sa.Engine:
    """The database at `db_url`, which is made when it does not exist; raises CourseError when it cannot be used."""
    made = sa.create_engine(db_url, connect_args=_connect_arguments(db_url))
    if made.dialect.name == "sqlite":
        sa.event.listen(made, "connect", _prepare_sqlite)
        sa.event.listen(made, "begin", _lock_sqlite)
    else:  # what the driver would say of a lost connection is said in `opening`
        logging.getLogger(made.driver).addHandler(logging.NullHandler())
    with opening(db_url), made.begin() as connection:
        if made.dialect.name == "postgresql":  # two graders that start at once must not both make the tables
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        _create_missing_tables(connection)
    return made


@contextmanager
def opening(db_url: str) -> Iterator[None]:
    """Turns errors of the database in the body into a CourseError that says what to do."""
    try:
        yield
    except (sqlalchemy.exc.SQLAlchemyError, filelock.Timeout) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise CourseError(
            f"the gradebook cannot be used ({reason}).",
            _without_password(db_url),
            f"{_advice(db_url, error)} Finished submissions are saved; run the command again for the rest.",
        ) from error


@contextmanager
def registering(db_url: str) -> Iterator[None]:
    """While the body runs, no other process enters an assignment: nbgrader does that in steps that others can see."""
    made = engine(db_url)
    with ExitStack() as held, opening(db_url):
        if made.dialect.name == "postgresql":
            held.enter_context(made.begin()).execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        elif made.url.database:
            held.enter_context(filelock.FileLock(f"{made.url.database}.lock", timeout=_WAIT_SECONDS))
        yield


def copied(db_url: str, folder: Path) -> str:
    """The URL of a copy of the gradebook, in a file of SQLite in `folder`, whatever database the gradebook is in."""
    url = f"sqlite:///{folder / 'gradebook.db'}"
    with opening(db_url), engine(db_url).connect() as present, engine(url).begin() as copy:
        for table in (*Base.metadata.sorted_tables, *own.sorted_tables):
            copy.execute(sa.delete(table))
            if rows := [dict(row) for row in present.execute(sa.select(table)).mappings()]:
                copy.execute(sa.insert(table), rows)
    return url


def _connect_arguments(db_url: str) -> dict[str, float]:
    """For SQLite, how long to wait for others, unless the URL says so itself (`?timeout=5`)."""
    url = sa.make_url(db_url)
    return {"timeout": _WAIT_SECONDS} if url.get_backend_name() == "sqlite" and "timeout" not in url.query else {}


def _prepare_sqlite(connection: object, record: object) -> None:
    """Readers do not wait for the one writer, nor it for them."""
    connection.isolation_level = None  # type: ignore[attr-defined]  # transactions are begun below, not by sqlite3
    connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]


def _lock_sqlite(connection: sa.Connection) -> None:
    """Wait for other writers at the beginning: one that has read already could not wait for them any more."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _create_missing_tables(connection: sa.Connection) -> None:
    names = sa.inspect(connection).get_table_names()
    if not names:
        Base.metadata.create_all(connection)
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(sa.text("INSERT INTO alembic_version VALUES (:version)"), {"version": newest_schema()})
        connection.execute(sa.insert(Course).values(id="default_course"))
    if graded.name not in names or registered.name not in names:
        own.create_all(connection)


def _without_password(db_url: str) -> str:
    return sa.make_url(db_url).render_as_string(hide_password=True)


def _advice(db_url: str, error: Exception) -> str:
    sqlite_code = getattr(getattr(error, "orig", None), "sqlite_errorcode", 0) & _PRIMARY_CODE
    if isinstance(error, filelock.Timeout) or sqlite_code == sqlite3.SQLITE_BUSY:
        return "Another program holds it; end that one, or wait for it."
    if db_url.startswith("sqlite"):
        return "Check that the file and its folder can be written and the disk has room."
    return "Check that the server runs and accepts your login."
