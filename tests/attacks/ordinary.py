"""Running a command as an ordinary user, started by root: `python -m tests.attacks.ordinary USER COMMAND ...`.

USER is a number that need not have an account. The interpreter and the repository may lie in a private home, where
nobody else may go; in a mount namespace of its own the command finds them, and nothing else, in those homes.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.student import kernel
from tests.conftest import REPOSITORY

ORDINARY = 54321
_NEW_MOUNT_NAMESPACE = 0x00020000


def as_ordinary_user(command: Sequence[str], user: int = ORDINARY) -> list[str]:
    """The command that runs `command` as `user`; to be started by root in the repository."""
    return [sys.executable, "-m", "tests.attacks.ordinary", str(user), *command]


def become(user: int) -> None:
    """Give up root for good."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def open_doors() -> None:
    """Let everybody reach the interpreter and the repository, in a mount namespace of this process's own."""
    kernel.unshare(_NEW_MOUNT_NAMESPACE)
    kernel.mount("", "/", flags=kernel.RECURSIVE | kernel.PRIVATE)
    wanted = {path: os.open(path, os.O_PATH) for path in (sys.base_prefix, sys.prefix, str(REPOSITORY))}
    for path, descriptor in wanted.items():
        if closed := _closed_above(Path(path)):
            kernel.mount("tmpfs", str(closed), "tmpfs", 0, "mode=755")
        if not Path(path).exists():
            Path(path).mkdir(parents=True)
            kernel.mount(f"/proc/self/fd/{descriptor}", path, flags=kernel.BIND | kernel.RECURSIVE)
        os.close(descriptor)


def _closed_above(path: Path) -> Path | None:
    """The first folder on the way to `path` that others may not pass."""
    return next((above for above in reversed(path.parents) if not above.stat().st_mode & stat.S_IXOTH), None)


if __name__ == "__main__":
    open_doors()
    become(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
