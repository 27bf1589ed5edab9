"""The website, built once, and how a page of it is opened."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest import mock

import pytest

from tests.conftest import REPOSITORY
from website import lite, pages
from website.addresses import LITE


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site, as `make site OFFLINE=1` builds it."""
    target = tmp_path_factory.mktemp("website") / "site"
    with mock.patch.dict(os.environ, {"GITHUB_REPOSITORY": "owner/name"}):
        pages.build(REPOSITORY, target)
    lite.build(target, offline=True)
    return target


def pages_of(site: Path) -> list[Path]:
    """The pages that are made of `docs/`."""
    others = {"_static", LITE}
    return sorted(path for path in site.rglob("*.html") if others.isdisjoint(path.relative_to(site).parts))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: pytest's output is for tests."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address at which this machine serves the files of `folder`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where a browser finds the site."""
    with serving(site) as found:
        yield found
