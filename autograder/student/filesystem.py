"""The file system of student processes: Python, its packages and the system's libraries, all read-only.

Namespaces build it once, in the fork server, which then stays in it; each student process adds its own folder. Where
there are only Landlock's rules, they let a process open nothing but the same paths.
"""

from __future__ import annotations

import contextlib
import os
import struct
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.student import kernel

_TMP = "/tmp"
WORK = f"{_TMP}/work"
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
USER = "student"
_SHARED_MEMORY = "/dev/shm"
"""Where the locks and queues of `multiprocessing` are, which pools of threads use, too."""

_SAFE = kernel.NO_SETUID | kernel.NO_DEVICES


def readable() -> list[str]:
    """Python, its packages and the system's libraries, as far as they exist and none lies within another."""
    paths = sysconfig.get_paths()
    wanted = [paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"]]
    wanted += [str(Path(sys.base_prefix, "lib")), "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache"]
    existing = sorted({os.path.realpath(path) for path in wanted if Path(path).exists()})
    return [path for path in existing if not any(path.startswith(f"{other}/") for other in existing)]


def our_own() -> str:
    """The folder of this package, which may be among the packages that student code can import."""
    return os.path.realpath(Path(__file__).parents[1])


def build(owner: int) -> str:
    """Let this process see no files but those in `readable`; it needs a mount namespace of its own.

    `owner` is the user as whom student processes run, and has a name there. Returns the folder over which each
    student process mounts its own: all of `/tmp`, unless Python itself lies there.
    """
    root = "/tmp"
    kernel.mount("", "/", flags=kernel.RECURSIVE | kernel.PRIVATE)
    # held open, because the new root goes over a folder that may contain some of them
    opened = {path: os.open(path, os.O_PATH) for path in readable()}
    kernel.mount("tmpfs", root, "tmpfs", _SAFE, "size=1m,mode=755")
    for path, descriptor in opened.items():
        _bind(f"/proc/self/fd/{descriptor}", root + path)
        kernel.mount("", root + path, flags=kernel.REMOUNT | kernel.BIND | kernel.READ_ONLY | _SAFE)
        os.close(descriptor)
    for link in ("/lib", "/lib64"):
        if Path(link).is_symlink():
            Path(root + link).symlink_to(Path(link).readlink())
    for device in DEVICES:
        _bind(device, root + device)
    Path(root, "proc").mkdir()
    kernel.mount("proc", f"{root}/proc", "proc", _SAFE | kernel.NO_EXECUTE)  # each child puts its own over it
    for folder in (WORK, _SHARED_MEMORY, "/etc"):
        Path(root + folder).mkdir(parents=True, exist_ok=True)
    _name_users(Path(root, "etc"), owner)
    _hide(root + our_own())
    kernel.pivot_root(root)
    kernel.mount("", "/", flags=kernel.REMOUNT | kernel.BIND | kernel.READ_ONLY | _SAFE)
    return WORK if any(path.startswith(f"{_TMP}/") for path in opened) else _TMP


def add_what_is_its_own(writable: str, megabytes: int, owner: int | None) -> None:
    """A `/proc` that shows no process but this one's, and empty folders to write into, one of them at `writable`."""
    kernel.mount("proc", "/proc", "proc", _SAFE | kernel.NO_EXECUTE)
    ownership = "" if owner is None else f",uid={owner},gid={owner}"
    kernel.mount("tmpfs", _SHARED_MEMORY, "tmpfs", _SAFE, f"size=1m,nr_inodes=256,mode=700{ownership}")
    kernel.mount("tmpfs", writable, "tmpfs", _SAFE, f"size={megabytes}m,nr_inodes=4096,mode=700{ownership}")
    if writable != WORK:
        Path(WORK).mkdir(mode=0o700)
        if owner is not None:
            os.chown(WORK, owner, owner)
    os.chdir(WORK)


@contextlib.contextmanager
def scratch() -> Iterator[None]:
    """While the body runs, this process has a folder to write into, at the path where each child has its own."""
    kernel.mount("tmpfs", WORK, "tmpfs", _SAFE, "size=16m,mode=700")
    try:
        yield
    finally:
        kernel.unmount(WORK)


def _name_users(folder: Path, owner: int) -> None:
    """The names of users and groups, which `getpass.getuser` and `Path.owner` look up."""
    users = {0: ("root", "/root"), owner: (USER, WORK)}
    folder.joinpath("passwd").write_text(
        "".join(f"{name}:x:{number}:{number}::{home}:/bin/sh\n" for number, (name, home) in users.items())
    )
    folder.joinpath("group").write_text("".join(f"{name}:x:{number}:\n" for number, (name, _) in users.items()))


def _bind(source: str, target: str) -> None:
    if Path(source).is_dir():
        Path(target).mkdir(parents=True, exist_ok=True)
    else:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(target).touch()
    kernel.mount(source, target, flags=kernel.BIND | kernel.RECURSIVE)


def _hide(folder: str) -> None:
    if Path(folder).is_dir():
        kernel.mount("tmpfs", folder, "tmpfs", kernel.READ_ONLY, "size=4k")


_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_CONNECT_AND_BIND = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11
_PATH_BENEATH = 1
"""The constants are those of linux/landlock.h; each version of the kernel's interface added some rights."""


def landlock_version() -> int:
    """The version of the kernel's interface; raises OSError when the kernel has no Landlock."""
    return kernel.call("landlock_create_ruleset", None, 0, 1)


def restrict(readable: Iterable[str], listable: Iterable[str], devices: Iterable[str]) -> None:
    """From now on only `readable` can be read, `listable` listed, and `devices` read and written; for good."""
    known = landlock_version()
    rights = (1 << _RIGHTS_BY_VERSION.get(known, 16)) - 1
    attributes = struct.pack("QQQ", rights, _CONNECT_AND_BIND, _ABSTRACT_SOCKETS_AND_SIGNALS)
    size = 8 if known < 4 else 16 if known < 6 else 24
    ruleset = kernel.call("landlock_create_ruleset", attributes, size, 0)
    try:
        for path in readable:
            is_folder = os.path.isdir(path)  # noqa: PTH112 - hundreds of them, for every submission
            _allow(ruleset, path, _READ_FILE | _EXECUTE | (_READ_DIR if is_folder else 0))
        for path in listable:
            _allow(ruleset, path, _READ_DIR)
        for path in devices:
            _allow(ruleset, path, _READ_FILE | _WRITE_FILE)
        kernel.call("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        kernel.call("landlock_add_rule", ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, opened), 0)
    finally:
        os.close(opened)
