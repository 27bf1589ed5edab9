"""A private PostgreSQL server for tests: no port, its data and socket in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


def _program(name: str) -> str | None:
    """Debian keeps the server's programs off the path."""
    return shutil.which(name) or next((str(path) for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), None)


class Server:
    """A server that can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._control = _program("pg_ctl")
        # the server refuses to run as root
        self._as_user = (
            ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        )

    def create(self) -> None:
        """Make an empty cluster that trusts whoever reaches its socket."""
        initdb = _program("initdb")
        assert initdb is not None
        self._run(initdb, "-D", str(self._folder / "data"), "-A", "trust", "-U", "postgres", "-E", "UTF8")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-c listen_addresses='' -c unix_socket_directories={self._folder} -c fsync=off"
        self._pg_ctl("start", "-w", "-o", options, "-l", str(self._folder / "log"))

    def stop(self) -> None:
        """Stop it at once."""
        self._pg_ctl("stop", "-m", "immediate")

    def url(self, database: str) -> str:
        """The URL of a fresh database."""
        createdb = _program("createdb")
        assert createdb is not None
        self._run(createdb, "-h", str(self._folder), "-U", "postgres", database)
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    def _pg_ctl(self, *words: str) -> None:
        assert self._control is not None
        self._run(self._control, "-D", str(self._folder / "data"), *words)

    def _run(self, *words: str) -> None:
        subprocess.run([*self._as_user, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """A running server; skips the test where PostgreSQL is not installed."""
    if _program("initdb") is None:
        pytest.skip("PostgreSQL is not installed")
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        running = Server(Path(folder))
        running.create()
        running.start()
        try:
            yield running
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                running.stop()
