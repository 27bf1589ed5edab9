"""Users of the system: an instructor and students, whose commands run as theirs and reach what is theirs.

nbgrader takes seconds to start, so it is imported once, by a process that forks for each command. In its mount
namespace everybody reaches the interpreter and the repository, which may lie in a private home.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.attacks.ordinary import open_doors
from tests.conftest import REPOSITORY

_SECONDS = 120


@dataclass(frozen=True)
class Done:
    """What a command printed, all of it, and its exit status."""

    status: int
    output: str


class People:
    """Users that exist until the end, each with a home of its own, and a process that runs their commands."""

    def __init__(self, folder: Path, forker: subprocess.Popen[str]) -> None:
        self.folder = folder
        self._forker = forker
        self._names: dict[str, str] = {}

    def add(self, role: str) -> str:
        """Make a user; returns its name."""
        self._names[role] = name = f"nb-{os.getpid()}-{role}"
        options = ["--no-log-init", "--no-create-home", f"--home-dir={self.home(role)}", "--user-group"]
        subprocess.run(["useradd", *options, name], check=True, capture_output=True)
        self.home(role).mkdir(mode=0o700)
        self.own(role, self.home(role))
        return name

    def home(self, role: str) -> Path:
        """The user's home, which nobody else may enter."""
        return self.folder / role

    def own(self, role: str, folder: Path) -> None:
        """Give a folder and all that is in it to a user."""
        subprocess.run(["chown", "--recursive", f"{self._names[role]}:", str(folder)], check=True)

    def run(self, role: str, *words: str, within: Path | None = None) -> Done:
        """Run a command of nbgrader or of the autograder as a user, in its home or in the folder `within`."""
        with tempfile.TemporaryFile("w+") as output:
            os.set_inheritable(output.fileno(), True)
            task = {"user": self._names[role], "words": words, "folder": str(within or self.home(role))}
            task |= {"output": f"/proc/{os.getpid()}/fd/{output.fileno()}", "settings": str(self.folder / "settings")}
            assert self._forker.stdin and self._forker.stdout
            print(json.dumps(task), file=self._forker.stdin, flush=True)
            answer = self._forker.stdout.readline()
            output.seek(0)
            return Done(int(answer or -1), output.read())

    def remove(self) -> None:
        """Remove the users again."""
        for name in self._names.values():
            subprocess.run(["userdel", "--force", name], check=False, capture_output=True)


@contextlib.contextmanager
def people() -> Iterator[People]:
    """Nobody yet; to be called by root. All users, their homes and files are removed at the end.

    What is made meanwhile can be read by all, as on a machine for many, also after a test that keeps things private.
    """
    before = os.umask(0o022)
    folder = Path(tempfile.mkdtemp(prefix="exchange-"))
    folder.chmod(0o755)
    pipes: Mapping[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    forker = subprocess.Popen([sys.executable, "-m", "tests.exchange.people"], cwd=REPOSITORY, **pipes)
    made = People(folder, forker)
    try:
        yield made
    finally:
        forker.kill()
        forker.communicate()
        made.remove()
        shutil.rmtree(folder, ignore_errors=True)
        os.umask(before)


def _become(name: str) -> None:
    user = pwd.getpwnam(name)
    os.initgroups(name, user.pw_gid)
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
    os.umask(0o022)
    kept = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "LANG": "C.UTF-8"}
    os.environ.clear()
    os.environ.update(kept, HOME=user.pw_dir, USER=name, LOGNAME=name)


def _run(task: dict[str, Any]) -> None:
    """Run one command, in a process of its own; does not return."""
    with open(task["output"], "w") as output:  # noqa: PTH123 - a descriptor of another process has no other name
        for descriptor in (1, 2):
            os.dup2(output.fileno(), descriptor)
    _become(task["user"])
    os.environ["JUPYTER_CONFIG_PATH"] = task["settings"]
    os.chdir(task["folder"])
    program, *words = task["words"]
    sys.argv = [program, *words]
    if program == "nbgrader":
        from nbgrader.apps.nbgraderapp import main as nbgrader

        nbgrader()
    elif program == "autograder":
        from autograder.cli import main as autograder

        autograder()
    else:
        os.execvp(program, [program, *words])


def _serve() -> None:
    import nbgrader.apps.nbgraderapp
    import nbgrader.exchange.default  # noqa: F401

    import autograder.cli
    import autograder.nbgrader_plugins  # noqa: F401

    open_doors()
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            status = 1
            try:
                _run(json.loads(line))
                status = 0
            except SystemExit as end:
                status = end.code if isinstance(end.code, int) else int(end.code is not None)
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    _serve()
