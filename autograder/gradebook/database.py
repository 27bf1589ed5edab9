"""Opening the gradebook's database: nbgrader's own schema, and one table of ours beside it."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbgrader
import sqlalchemy as sa
import sqlalchemy.exc
from nbgrader.api import Base, Course

from autograder.records import CourseError

_WAIT_SECONDS = 60

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
    """The database at `db_url`, made where there is none; raises CourseError when it cannot be used."""
    made = sa.create_engine(db_url, connect_args=_connect_arguments(db_url))
    if made.dialect.name == "sqlite":
        sa.event.listen(made, "connect", _prepare_sqlite)
    with opening(db_url), made.begin() as connection:
        _create_missing_tables(connection)
    return made


@contextmanager
def opening(db_url: str) -> Iterator[None]:
    """What goes wrong with the database becomes one line that says what to do."""
    try:
        yield
    except sqlalchemy.exc.SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise CourseError(
            f"{_without_password(db_url)}: the gradebook cannot be used ({reason}). {_advice(db_url)} What was graded "
            "before is kept; grade again and the rest follows."
        ) from error


def _connect_arguments(db_url: str) -> dict[str, float]:
    return {"timeout": _WAIT_SECONDS} if db_url.startswith("sqlite") else {}


def _prepare_sqlite(connection: object, record: object) -> None:
    """Readers do not wait for the one writer, nor it for them."""
    connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]
    connection.execute("PRAGMA synchronous=NORMAL")  # type: ignore[attr-defined]


def _create_missing_tables(connection: sa.Connection) -> None:
    names = sa.inspect(connection).get_table_names()
    if not names:
        Base.metadata.create_all(connection)
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(sa.text("INSERT INTO alembic_version VALUES (:version)"), {"version": _newest_version()})
        connection.execute(sa.insert(Course).values(id="default_course"))
    if graded.name not in names or registered.name not in names:
        own.create_all(connection)


def _newest_version() -> str | None:
    """The version of nbgrader's schema, without running a program that need not be on the path."""
    from alembic.config import Config  # only when a gradebook is made
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(nbgrader.__file__).parent / "alembic"))
    return ScriptDirectory.from_config(config).get_current_head()


def _without_password(db_url: str) -> str:
    return sa.make_url(db_url).render_as_string(hide_password=True)


def _advice(db_url: str) -> str:
    if db_url.startswith("sqlite"):
        return "Check that the file and its folder can be written and the disk has room."
    return "Check that the server runs and lets you in."
