"""Opening the gradebook's database: nbgrader's own schema, and the tables that this package adds."""

from __future__ import annotations

import atexit
import contextlib
import functools
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa
import sqlalchemy.exc
from nbgrader.api import Base, Course

from autograder.fast import newest_schema, schemas
from autograder.models import CourseError

_WAIT_SECONDS = 60
_LAST_WAIT_MILLISECONDS = 2000
_LOCK = 5_011_729
"""The number of this package's lock among PostgreSQL's advisory locks."""

_VERSION = "alembic_version"
"""The table in which nbgrader notes the version of its tables."""

_PRIMARY_CODE = 0xFF
"""The part of SQLite's error numbers that says which error it is; the rest says more about it."""

_RUN_AGAIN = "Finished submissions are saved; run the command again for the rest."

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

rescored = sa.Table(
    "autograder_rescored",
    own,
    sa.Column("assignment", sa.String(128), primary_key=True),
    sa.Column("student", sa.String(128), primary_key=True),
    sa.Column("submission", sa.String(64), nullable=False),
    sa.Column("before", sa.Float),
    sa.Column("after", sa.Float),
    sa.Column("at", sa.DateTime),
)
"""Which submission each score is for, and how that score last changed when the same submission was graded again."""

registered = sa.Table(
    "autograder_registered",
    own,
    sa.Column("assignment", sa.String(128), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
)
"""Which version of each assignment's source the gradebook holds."""

waiting_extensions = sa.Table(
    "autograder_extensions",
    own,
    sa.Column("assignment", sa.String(128), primary_key=True),
    sa.Column("student", sa.String(128), primary_key=True),
    sa.Column("seconds", sa.Float, nullable=False),
)
"""Extensions of students for whom nbgrader has no submission yet, which is where it keeps an extension."""

late_without_time = sa.Table(
    "autograder_late",
    own,
    sa.Column("assignment", sa.String(128), primary_key=True),
    sa.Column("student", sa.String(128), primary_key=True),
)
"""Submissions that a learning platform calls late without saying when they came."""

reported = sa.Table(
    "autograder_reported",
    own,
    sa.Column("assignment", sa.String(128), primary_key=True),
    sa.Column("student", sa.String(128), primary_key=True),
    sa.Column("submission", sa.String(64), nullable=False),
    sa.Column("checks", sa.Float, nullable=False),
    sa.Column("by_hand", sa.Float, nullable=False),
    sa.Column("penalty", sa.Float, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("before", sa.Float),
    sa.Column("reason", sa.String(128)),
    sa.Column("since", sa.DateTime),
)
"""Each score as the last report on the class showed it, and how it differed from the report before."""


@functools.cache
def engine(db_url: str) -> sa.Engine:
    """The database at `db_url`, which is made when it does not exist; one whole file again when this program ends.

    Raises CourseError when it cannot be used.
    """
    made = sa.create_engine(db_url, connect_args=_connect_arguments(db_url))
    if made.dialect.name == "sqlite":
        sa.event.listen(made, "connect", _prepare_sqlite)
        sa.event.listen(made, "begin", _lock_sqlite)
        atexit.register(leave_whole, made)
    else:  # what the driver would say of a lost connection is said in `opening`
        logging.getLogger(made.driver).addHandler(logging.NullHandler())
    with opening(db_url), made.begin() as connection:
        if made.dialect.name == "postgresql":  # two graders that start at once must not both make the tables
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        _create_missing_tables(connection, _place(db_url))
    return made


def exists(db_url: str) -> bool:
    """Whether the gradebook exists; opening one that does not would make it."""
    url = sa.make_url(db_url)
    return url.get_backend_name() != "sqlite" or not url.database or Path(url.database).exists()


def leave_whole(made: sa.Engine) -> None:
    """Move what stands in SQLite's log beside the database into it, so that a copy of the one file holds every score.

    When another program has it open, such as Formgrader or a second grader, its log stays, but is empty for the moment.
    """
    made.dispose()
    if not made.url.database or not Path(made.url.database).exists():
        return
    with contextlib.suppress(sqlite3.Error, sqlalchemy.exc.SQLAlchemyError):
        connection = made.raw_connection()
        try:
            connection.cursor().execute(f"PRAGMA busy_timeout={_LAST_WAIT_MILLISECONDS}")
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.cursor().execute("PRAGMA journal_mode=DELETE")
        finally:
            connection.close()
            made.dispose()


@contextmanager
def opening(db_url: str) -> Iterator[None]:
    """Turns errors of the database in the body into a CourseError that says what to do."""
    try:
        yield
    except (sqlalchemy.exc.SQLAlchemyError, TimeoutError) as error:
        raise unusable(db_url, error) from error


def unusable(db_url: str, error: Exception) -> CourseError:
    """What to say of an error of the database at `db_url`."""
    reason = str(getattr(error, "orig", None) or error).splitlines()[0]
    return CourseError(f"the gradebook cannot be used ({reason}).", _place(db_url), _advice(db_url, error))


@contextmanager
def registering(db_url: str) -> Iterator[None]:
    """While the body runs, no other process enters an assignment: nbgrader does that in steps that others can see."""
    import filelock  # only now: it slows down every process that was forked after it was imported

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


def _create_missing_tables(connection: sa.Connection, place: str) -> None:
    names = sa.inspect(connection).get_table_names()
    if not names:
        Base.metadata.create_all(connection)
        connection.execute(sa.insert(Course).values(id="default_course"))
        _name_schema(connection)
    else:
        _require_schema(connection, names, place)
    if own.tables.keys() - set(names):
        own.create_all(connection)


def _require_schema(connection: sa.Connection, names: Sequence[str], place: str) -> None:
    """Raise CourseError unless the tables are those of this nbgrader; nothing of an older gradebook is touched."""
    found = connection.scalar(sa.text(f"SELECT version_num FROM {_VERSION}")) if _VERSION in names else None
    if found == newest_schema():
        return
    if found is None and _has_all_columns(connection, names):  # nbgrader was interrupted while it made the gradebook
        _name_schema(connection)
        return
    if found is None or found in schemas():
        advice = (
            "Run `nbgrader db upgrade` in the course folder (it keeps a copy of the old file). Then run this again."
        )
        raise CourseError("the gradebook was made by an older nbgrader.", place, advice)
    raise CourseError("the gradebook was made by a newer nbgrader.", place, "Install the newer version of nbgrader.")


def _has_all_columns(connection: sa.Connection, names: Sequence[str]) -> bool:
    inspector = sa.inspect(connection)
    return all(
        name in names and {column["name"] for column in inspector.get_columns(name)} >= set(table.columns.keys())
        for name, table in Base.metadata.tables.items()
    )


def _name_schema(connection: sa.Connection) -> None:
    """Note, where nbgrader looks for it, that the tables are those of its present version."""
    connection.execute(sa.text(f"CREATE TABLE IF NOT EXISTS {_VERSION} (version_num VARCHAR(32) NOT NULL)"))
    connection.execute(sa.text(f"INSERT INTO {_VERSION} VALUES (:version)"), {"version": newest_schema()})


def _place(db_url: str) -> str:
    """The file of the database, or its address without the password."""
    url = sa.make_url(db_url)
    is_file = url.get_backend_name() == "sqlite" and url.database
    return str(url.database) if is_file else url.render_as_string(hide_password=True)


def _advice(db_url: str, error: Exception) -> str:
    sqlite_code = getattr(getattr(error, "orig", None), "sqlite_errorcode", 0) & _PRIMARY_CODE
    if isinstance(error, TimeoutError) or sqlite_code == sqlite3.SQLITE_BUSY:
        return (
            f"Another program is using the gradebook: close that program, or wait until it has finished. {_RUN_AGAIN}"
        )
    if sqlite_code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return "The file is damaged. Replace it with a copy; if you have no copy, move the file away and grade again."
    if db_url.startswith("sqlite"):
        return f"Check that the file and its folder can be written, and that the disk is not full. {_RUN_AGAIN}"
    return f"Check that the database server is running and accepts your login. {_RUN_AGAIN}"
