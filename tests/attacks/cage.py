"""One attack under stock nbgrader, in a cage: `python -m tests.attacks.cage USER TEMPLATE ATTACK`.

Stock nbgrader confines nothing, so the whole of it is put into namespaces of its own by `caged`: no network, file
systems in memory, an ordinary user with limits, and an end when its time is up. Prints the outcome as JSON.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from autograder.student import kernel
from tests.attacks import classroom, harm, target
from tests.attacks.attack import ATTACKS, Attack
from tests.attacks.ordinary import become, open_doors
from tests.attacks.outcome import Outcome
from tests.conftest import REPOSITORY

CONFIGURATION = """\
from pathlib import Path

grading = Path(__file__).resolve().parent / "grading"
c = get_config()
c.CourseDirectory.course_id = "attacks"
c.CourseDirectory.root = str(grading.parent)
c.CourseDirectory.submitted_directory = str(Path("grading", "submitted"))
c.CourseDirectory.autograded_directory = str(Path("grading", "autograded"))
c.CourseDirectory.db_url = f"sqlite:///{grading / 'gradebook.db'}"
c.Execute.timeout = 3
"""
"""Stock nbgrader as it comes: only where things lie, and less patience."""

_SECONDS = 60
_LIMITS = {
    resource.RLIMIT_NPROC: 200,
    resource.RLIMIT_AS: 4 << 30,
    resource.RLIMIT_FSIZE: 200 << 20,
    resource.RLIMIT_CPU: _SECONDS,
}


def caged(user: int, template: Path, attack: Attack) -> Outcome:
    """Try `attack` on a copy of the course in `template`, as `user`; to be called by root."""
    namespaces = ["--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child", "--mount-proc"]
    command = [sys.executable, "-m", "tests.attacks.cage", str(user), str(template), attack.name]
    done = subprocess.run(["unshare", *namespaces, *command], cwd=REPOSITORY, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{attack.name}: the cage broke: {done.stderr.decode(errors='replace')[-2000:]}")
    return msgspec.json.decode(done.stdout, type=Outcome)


def _prepare(template: Path) -> Path:
    """Put memory over every place that can be written, and the course into it."""
    held = os.open(template, os.O_PATH)
    open_doors()
    for folder in ("/tmp", "/var/tmp", "/dev/shm"):
        kernel.mount("tmpfs", folder, "tmpfs", 0, "size=600m,nr_inodes=60000,mode=1777")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    course = Path("/tmp/class/course")
    shutil.copytree(f"/proc/self/fd/{held}", course)
    os.close(held)
    return course


def _limited(user: int) -> None:
    for kind, most in _LIMITS.items():
        resource.setrlimit(kind, (most, most))
    become(user)


def _autograde(course: Path, attack: Attack, user: int) -> list[str]:
    nbgrader = str(Path(sys.executable).with_name("nbgrader"))
    command = [nbgrader, "autograde", target.ASSIGNMENT, f"--student={attack.name}"]
    process = subprocess.Popen(
        command,
        cwd=course,
        env=classroom.environment(course),
        preexec_fn=lambda: _limited(user),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        return ["held the grading up for a minute"]
    return ["nbgrader gave up"] if process.returncode else []


def _left_running(user: int) -> list[str]:
    time.sleep(1)
    running = harm.processes((user,))
    for number in running:
        os.kill(number, signal.SIGKILL)
    time.sleep(0.2)
    return ["left a process running"] if running else []


def main() -> None:
    """Grade one cheat, look around, and say what there is to see."""
    user, attack = int(sys.argv[1]), next(attack for attack in ATTACKS if attack.name == sys.argv[3])
    course = _prepare(Path(sys.argv[2]))
    classroom.hand_in(course, [attack])
    classroom.own(course, user)
    before = harm.fingerprint(course)
    found = _autograde(course, attack, user)
    left = _left_running(user)
    found += left if not found else []  # what is cut short leaves processes, which says nothing
    found += harm.seen(course, attack) + harm.to_the_class(course)
    found += ["left a file behind"] if harm.left_behind(course) else []
    found += ["changed the course"] if harm.fingerprint(course) != before else []
    points = harm.score(course, attack.name)
    sys.stdout.buffer.write(msgspec.json.encode(Outcome(points, list(dict.fromkeys(found)))))


if __name__ == "__main__":
    main()
