"""The exchange in JupyterHub, in a browser: `python -m tests.exchange.jupyterhub BIN PICTURES`, started by root.

BIN is the `bin` of an environment that all may read, with this package and JupyterHub, installed as in
`docs/instructors/jupyterhub.md`; `configurable-http-proxy` is on the path. Two students and an instructor go from a
released notebook to fetched feedback. A picture of each step is written to the folder PICTURES, to be looked at.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import nbformat
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from autograder.notebook import fill_in
from tests.conftest import copy_course
from tests.exchange.people import People, people
from tests.exchange.test_exchange import ANSWERS, RELEASED, open_exchange

_SECONDS = 240
_PASSWORD = "on loopback only"
_ANSWERS = {"ada": "document", "kai": "grace"}
_SCORES = {"ada": "15", "kai": "20"}
_SETTINGS = """\
c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:{0}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{1}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{2}"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {password!r}
c.Authenticator.allow_all = True
c.Spawner.default_url = "/lab"
c.Spawner.environment = {{"JUPYTER_CONFIG_PATH": {settings!r}}}
c.Spawner.start_timeout = c.Spawner.http_timeout = {seconds}
"""


@contextlib.contextmanager
def jupyterhub(programs: Path, users: People) -> Iterator[str]:
    """The address of a JupyterHub on loopback, for the users of this system."""
    folder = users.folder / "hub"
    folder.mkdir(mode=0o700)
    with contextlib.ExitStack() as held:
        ports = [held.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1] for _ in range(3)]
    text = _SETTINGS.format(*ports, password=_PASSWORD, settings=str(users.folder / "settings"), seconds=_SECONDS)
    (folder / "jupyterhub_config.py").write_text(text)
    address = f"http://127.0.0.1:{ports[0]}"
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    with (folder / "log").open("wb") as log:
        command = [str(programs / "jupyterhub"), "-f", "jupyterhub_config.py"]
        hub = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            _await(f"{address}/hub/api/", hub, folder / "log")
            yield address
        finally:
            hub.terminate()
            hub.wait()


def _await(address: str, hub: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and hub.poll() is None:
        with contextlib.suppress(OSError), urlopen(address):
            return
        time.sleep(0.5)
    raise RuntimeError(f"JupyterHub does not answer: {log.read_text()[-2000:]}")


class Tab:
    """A user's tab, logged in."""

    def __init__(self, context: BrowserContext, address: str, user: str, pictures: Path) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(_SECONDS * 1000)
        self.home = f"{address}/user/{user}"
        self._pictures = pictures
        self.page.goto(f"{address}/hub/login")
        self.page.fill("#username_input", user)
        self.page.fill("#password_input", _PASSWORD)
        self.page.click("#login_submit")
        self.page.wait_for_url("**/lab**")

    def show(self, name: str) -> None:
        """Keep a picture of the tab."""
        self.page.screenshot(path=self._pictures / f"{name}.png")

    def open_assignments(self) -> None:
        """Open JupyterLab with nbgrader's Assignment List."""
        self.page.goto(f"{self.home}/lab?reset")
        self.page.get_by_role("menuitem", name="Nbgrader").click()
        self.page.get_by_text("Assignment List").first.click()

    def press(self, row: str, button: str) -> None:
        """Press a button of Formgrader's in a row, and close its dialog, which must tell of success."""
        self.page.get_by_role("row").filter(has_text=row).locator(f"td.{button} a").click()
        dialog = self.page.locator(".modal-body")
        expect(dialog).to_contain_text("Successfully", timeout=_SECONDS * 1000)
        self.show(f"formgrader-{button}-{row}")
        self.page.reload()


def journey(users: People, programs: Path, browser: Browser, address: str, pictures: Path) -> None:
    """From released notebooks to the pages that students open.

    Args:
        users: the users of this system, none yet.
        programs: the folder of the programs that they run.
        browser: a browser.
        address: the address of JupyterHub.
        pictures: the folder for the pictures.
    """
    names = {role: users.add(role) for role in ("teacher", "ada", "kai")}
    course = copy_course(users.home("teacher") / "course", "backprop")
    course.chmod(0o700)
    settings = users.home("teacher") / ".jupyter" / "nbgrader_config.py"
    settings.parent.mkdir()
    settings.write_text(f"c.CourseDirectory.root = {str(course)!r}\n")
    users.own("teacher", users.home("teacher"))
    users.run("teacher", str(programs / "nbgrader"), "release_assignment", "backprop", within=course)
    tabs = {role: Tab(browser.new_context(), address, name, pictures) for role, name in names.items()}
    for student, answers in _ANSWERS.items():
        page = tabs[student].page
        tabs[student].open_assignments()
        page.get_by_role("button", name="Fetch", exact=True).click()
        page.get_by_role("button", name="Submit").wait_for()
        tabs[student].show(f"{student}-fetched")
        nbformat.write(
            fill_in(RELEASED, ANSWERS / answers / "backprop.py"), users.home(student) / "backprop" / "backprop.ipynb"
        )
        page.get_by_role("button", name="Submit").click()
        page.get_by_role("button", name="Fetch Feedback").wait_for()
        tabs[student].show(f"{student}-submitted")
    teacher = tabs["teacher"]
    teacher.page.goto(f"{teacher.home}/formgrader/manage_assignments")
    for button in ("assign", "collect"):
        teacher.press("backprop", button)
    teacher.page.goto(f"{teacher.home}/formgrader/manage_submissions/backprop")
    teacher.press(names["kai"], "autograde")
    users.run("teacher", str(programs / "autograder"), "grade", "backprop", within=course)
    teacher.page.reload()
    for student, score in _SCORES.items():
        expect(teacher.page.get_by_role("row").filter(has_text=names[student])).to_contain_text(f"{score} / 24")
    teacher.show("formgrader-graded")
    teacher.press(names["kai"], "generate-feedback")
    teacher.page.goto(f"{teacher.home}/formgrader/manage_assignments")
    for button in ("generate-feedback", "release-feedback"):
        teacher.press("backprop", button)
    for student, score in _SCORES.items():
        page = tabs[student].page
        tabs[student].open_assignments()
        page.get_by_role("button", name="Fetch Feedback").click()
        page.get_by_text("(view feedback)").click()
        page.get_by_text("backprop.html").dblclick()
        expect(page.frame_locator("iframe").get_by_role("banner")).to_contain_text(f"{score} of 24 points")
        tabs[student].show(f"{student}-feedback")


def main() -> None:
    """The journey; the exit status is 0 when everybody arrived."""
    programs, pictures = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    pictures.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with people() as users, sync_playwright() as playwright:
        open_exchange(users)
        with jupyterhub(programs, users) as address:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            journey(users, programs, browser, address, pictures)
            browser.close()


if __name__ == "__main__":
    main()
