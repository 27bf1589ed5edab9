"""Formgrader as an instructor has it: a Jupyter server on a course, and a tab of a browser that watches its pages."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Browser, Dialog, Page, Request, Route

from tests.report.tricks import ASSIGNMENT, SAID

MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/"
"""Formgrader loads it by itself. The tests need no network, so it never comes."""

_OTHERS = ("jupyterlab", "notebook", "notebook_shim", "jupyter_lsp", "jupyter_server_terminals")
_EXTENSIONS = {"nbgrader.server_extensions.formgrader": True} | dict.fromkeys(_OTHERS, False)
"""Without the others it is there in half the time."""

_SECONDS = 90.0
_TOUCH = """within => {
const own = ".scoring-buttons, .score, .extra-credit, .comment, .help";
for (const each of document.querySelectorAll(within)) {
    if (each.closest(own) || ["http:", "https:", "file:"].includes(each.protocol)) continue;
    for (const kind of ["pointerenter", "mouseenter", "mouseover", "mousedown", "wheel", "click"])
        each.dispatchEvent(new MouseEvent(kind, {bubbles: false, cancelable: true}));
    if (each.focus && each.matches("[tabindex], input, textarea, select, button, a, area, summary")) {
        each.focus({preventScroll: true});
        if (each.click) each.click();
    }
}}
"""
"""What an instructor could do with a mouse and a keyboard, except to give marks or to go elsewhere."""


@dataclass
class Seen:
    """What a page did while it was watched."""

    dialogs: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    harmed: object = None

    @property
    def nothing(self) -> bool:
        """Whether no script of a student's ran, and nothing was sent or fetched for one."""
        return not (self.dialogs or self.said or self.asked or self.changed or self.harmed)


@contextmanager
def formgrader(course: Path, home: Path) -> Iterator[str]:
    """The address of a server on `course`, which takes its settings from `home` and from the course, until the end."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    options = [
        *("--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
        *("--IdentityProvider.token=", f"--ServerApp.jpserver_extensions={_EXTENSIONS}"),
    ]
    environment = {**os.environ, "HOME": str(home), "JUPYTER_RUNTIME_DIR": str(home / "runtime")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *options], cwd=course, env=environment, stdout=log, stderr=log
        )
        try:
            _await(server, f"{address}/formgrader/api/assignments", home / "server.log")
            yield address
        finally:
            server.kill()  # it has no kernels to stop, and would take its time
            server.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _await(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer: {log.read_text()[-2000:]}")


def submissions(address: str) -> dict[str, str]:
    """The address of each student's page."""
    with urlopen(f"{address}/formgrader/api/submitted_notebooks/{ASSIGNMENT}/{ASSIGNMENT}") as answer:
        found: list[dict[str, Any]] = json.load(answer)
    return {each["student"]: f"{address}/formgrader/submissions/{each['id']}/" for each in found}


@contextmanager
def watched(browser: Browser, own: str) -> Iterator[tuple[Page, Seen]]:
    """A tab that lets nothing out but to `own`, and what it saw. Formgrader reads scores; nobody else asks anything."""
    page, seen = browser.new_page(viewport={"width": 1280, "height": 900}), Seen()

    def dismiss(dialog: Dialog) -> None:
        seen.dialogs.append(dialog.message)
        dialog.dismiss()

    def asked(request: Request) -> None:
        if request.method not in ("GET", "HEAD"):
            seen.changed.append(f"{request.method} {request.url}")
        if not _is_formgraders(request, own):
            seen.asked.append(request.url[:200])

    def let(route: Route) -> None:
        if route.request.url.startswith((own, "data:")):
            route.continue_()
        else:
            route.abort()

    page.on("dialog", dismiss)
    page.on("console", lambda message: seen.said.append(message.text) if SAID in message.text else None)
    page.on("request", asked)
    page.route("**/*", let)
    try:
        yield page, seen
    finally:
        page.close()


def _is_formgraders(request: Request, own: str) -> bool:
    """Whether Formgrader asks for this itself, or it is a picture that is part of the page."""
    path = request.url.removeprefix(own)
    if request.url.startswith("data:image/"):
        return request.resource_type == "image"
    if request.url.startswith(MATHJAX):
        return True
    if request.is_navigation_request() and request.frame.parent_frame is None:
        return request.url.startswith(own) and SAID not in request.url
    return request.url.startswith(own) and path.startswith(("/formgrader/static/", "/formgrader/api/", "/favicon"))


def touch(page: Page, seen: Seen, wait: float = 250, within: str = "#notebook *, main *") -> None:
    """Hover, focus and click everything `within` these, and note whether a script left its mark."""
    page.wait_for_timeout(wait)
    page.evaluate(_TOUCH, within)
    page.wait_for_timeout(wait)
    seen.harmed = page.evaluate("window.harmed")
