"""A gradebook that we make is one that nbgrader would have made."""

from __future__ import annotations

from pathlib import Path

import nbgrader
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory

from autograder.gradebook.database import engine


def test_a_new_gradebook_has_nbgraders_newest_schema() -> None:
    """As alembic sees it, which nbgrader uses when it upgrades a gradebook."""
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(Path(nbgrader.__file__).parent / "alembic"))
    connection = engine("sqlite://").connect()
    version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    assert version == ScriptDirectory.from_config(settings).get_current_head()
