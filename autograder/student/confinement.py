"""Confining student processes, a class for each level: what the fork server does once, and each of its children.

Each step is undone by none that follows; all of them together take a few milliseconds.
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NoReturn

import pyseccomp

from autograder.protocol.messages import Files, StartRequest
from autograder.student import filesystem, kernel
from autograder.student.limits import limit, make_folder, place

_NOBODY = 65534


class Landlocked:
    """Nothing can be opened but what Landlock names; the system calls it does not cover are refused."""

    def __init__(self) -> None:
        filesystem.landlock_version()
        self._program = system_call_filter(alone=False)
        self._readable, self._listable = _all_but_our_own(filesystem.readable())
        kernel.adopt_orphans()

    def scratch(self) -> contextlib.nullcontext[None]:
        """The parent is not confined."""
        return contextlib.nullcontext()

    def fork(self) -> int:
        """A child that is as free as its parent still."""
        return os.fork()

    def enter(self, bounds: StartRequest, files: Files) -> None:
        """Confine this child, in a folder that holds `files`; raises OSError when the kernel refuses a step."""
        kernel.die_with_parent()
        folder = make_folder(files)
        limit(bounds)
        kernel.drop_capabilities()
        kernel.gain_nothing()
        filesystem.restrict([*self._readable, folder], self._listable, filesystem.DEVICES)
        kernel.filter_system_calls(self._program)


class Namespaced:
    """The only process there is, with no network, no capability, and a root that holds nothing but Python.

    The fork server itself goes into such a root, without network; each child then has its own processes and
    mounts. Sockets being refused, children cannot meet in what they share. When the server ends, however it ends,
    the kernel ends them all.
    """

    def __init__(self) -> None:
        self._owner = _NOBODY if os.geteuid() == 0 else None
        if self._owner is None:
            become_root_of_nothing()
        kernel.unshare(kernel.NEW_MOUNTS | kernel.NEW_PROCESSES | kernel.NEW_REST)
        if child := os.fork():
            _wait_for(child)
        kernel.die_with_parent()
        self._program = system_call_filter(alone=True)
        self._own_processes = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        self._writable = filesystem.build(os.geteuid() if self._owner is None else self._owner)
        os.environ.update(dict.fromkeys(("HOME", "MPLCONFIGDIR"), filesystem.WORK))

    def scratch(self) -> AbstractContextManager[None]:
        """A file system in memory, which is gone before the next child starts."""
        return filesystem.scratch()

    def fork(self) -> int:
        """A child that is the first of its process namespace."""
        kernel.unshare(kernel.NEW_PROCESSES)
        child = -1
        try:
            child = os.fork()
        finally:
            if child != 0:  # in the parent, also when there is no child
                kernel.join(self._own_processes, kernel.NEW_PROCESSES)
        return child

    def enter(self, bounds: StartRequest, files: Files) -> None:
        """Confine this child, in a folder that holds `files`; raises OSError when the kernel refuses a step."""
        kernel.unshare(kernel.NEW_MOUNTS)
        filesystem.add_what_is_its_own(self._writable, bounds.disk_megabytes, self._owner)
        if self._owner is not None:
            os.setgroups([])
            os.setresgid(self._owner, self._owner, self._owner)
            os.setresuid(self._owner, self._owner, self._owner)
            kernel.be_dumpable()
        kernel.die_with_parent()
        kernel.drop_capabilities()
        kernel.gain_nothing()
        place(files)
        limit(bounds)
        kernel.filter_system_calls(self._program)


def become_root_of_nothing() -> None:
    """An ordinary user may make namespaces inside a user namespace of its own."""
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(kernel.NEW_USERS)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _wait_for(child: int) -> NoReturn:
    """Hold no socket, so that the grader sees at once when the child ends."""
    os.closerange(3, 4096)
    os.waitpid(child, 0)
    os._exit(0)


def _all_but_our_own(paths: list[str]) -> tuple[list[str], list[str]]:
    """Landlock cannot take a folder out of an allowed one: name everything beside ours, and what lies above it."""
    listable = []
    while above := next((path for path in paths if filesystem.our_own().startswith(f"{path}/")), None):
        listable.append(above)
        paths = [path for path in paths if path != above]
        paths += [entry.path for entry in os.scandir(above) if entry.path != filesystem.our_own()]
    return paths, listable


_CLONE_THREAD = 0x00010000
_F_SETOWN, _F_SETSIG, _F_SETOWN_EX, _F_SETLEASE, _F_NOTIFY = 8, 10, 15, 1024, 1026
_FIOSETOWN, _SIOCSPGRP = 0x8901, 0x8902
_AN_INT = 0xFFFFFFFF
"""The kernel looks only at these bits of a number."""
_AF_UNIX = 1

_DENIED = (
    *("fork", "vfork", "execve", "execveat", "setsid", "setpgid"),
    *("ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd", "pidfd_open", "process_madvise"),
    *("mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick"),
    *("mount_setattr", "unshare", "setns", "bpf", "perf_event_open", "userfaultfd"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("keyctl", "add_key", "request_key", "memfd_create", "memfd_secret", "mq_open"),
    # a queue or a piece of memory can be used by who knows its number, without having asked for it
    *("shmget", "shmat", "shmctl", "msgget", "msgsnd", "msgrcv", "msgctl", "semget", "semop", "semtimedop", "semctl"),
    # student processes share a network namespace: an end of a socketpair must not be found there by another
    *("socket", "bind", "connect", "listen", "accept", "accept4", "sendmsg", "sendmmsg"),
    # files that all of them read would show who opens them
    *("inotify_init", "inotify_init1", "fanotify_init"),
    *("name_to_handle_at", "open_by_handle_at", "kexec_load", "init_module", "finit_module", "delete_module"),
    *("swapon", "swapoff", "quotactl", "personality", "reboot", "sethostname", "setdomainname", "acct", "syslog"),
    *("kill", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal"),
)

_DENIED_AMONG_OTHERS = (
    # Landlock does not cover what belongs to a file but is not its content
    *("chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchown", "fchownat", "truncate"),
    *("utime", "utimes", "futimesat", "utimensat", "setxattr", "lsetxattr", "fsetxattr", "setxattrat"),
    *("removexattr", "lremovexattr", "fremovexattr", "removexattrat"),
    # nor what a process may do to another of the same user
    *("tgkill", "setpriority", "ioprio_set", "migrate_pages", "move_pages"),
    *("sched_setscheduler", "sched_setparam", "sched_setattr", "sched_setaffinity"),
)
"""The system calls that are also refused where a process can see others and their files."""


def system_call_filter(alone: bool) -> bytes:
    """A program for `kernel.filter_system_calls`, which takes a moment to make and none to load.

    What no notebook needs fails with EPERM; threads may be started, processes may not. `alone` says that the process
    sees no other process and no file but its own, so that less has to be refused.
    """
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    refused = pyseccomp.ERRNO(errno.EPERM)
    for name in _DENIED if alone else (*_DENIED, *_DENIED_AMONG_OTHERS):
        if pyseccomp.resolve_syscall(pyseccomp.system_arch(), name) >= 0:  # not every machine has them all
            rules.add_rule(refused, name)
    # clone3 hides its flags behind a pointer; without it libraries fall back to clone, whose flags can be seen
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    rules.add_rule(refused, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_THREAD, 0))
    rules.add_rule(refused, "sendto", pyseccomp.Arg(4, pyseccomp.NE, 0))  # to an address
    rules.add_rule(refused, "socketpair", pyseccomp.Arg(0, pyseccomp.NE, _AF_UNIX))
    for request in (_FIOSETOWN, _SIOCSPGRP):  # these make the kernel send signals to others
        rules.add_rule(refused, "ioctl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, _AN_INT, request))
    commands = {_F_SETLEASE, _F_NOTIFY}  # these tell when another process opens a file
    if not alone:
        rules.add_rule(refused, "prlimit64", pyseccomp.Arg(0, pyseccomp.NE, 0))
        commands |= {_F_SETOWN, _F_SETSIG, _F_SETOWN_EX}  # and these send signals to others, too
    for command in sorted(commands):
        rules.add_rule(refused, "fcntl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, _AN_INT, command))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()
