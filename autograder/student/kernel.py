"""The few Linux system calls that Python does not offer, by name; each raises OSError when the kernel refuses."""

from __future__ import annotations

import ctypes
import os
import struct

import pyseccomp

NEW_MOUNTS, NEW_PROCESSES, NEW_USERS = 0x00020000, 0x20000000, 0x10000000
"""CLONE_NEWNS, CLONE_NEWPID and CLONE_NEWUSER, from linux/sched.h."""

NEW_REST = 0x40000000 | 0x08000000 | 0x04000000 | 0x02000000
"""CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS and CLONE_NEWCGROUP."""

READ_ONLY, NO_SETUID, NO_DEVICES, NO_EXECUTE, REMOUNT, BIND, RECURSIVE, PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
"""Flags of mount(2)."""

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 36, 38
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_CAPABILITY_VERSION_3 = 0x20080522
_DETACH = 2

_library = ctypes.CDLL(None, use_errno=True)
_library.syscall.restype = ctypes.c_long


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def call(name: str, *args: object) -> int:
    """The system call of this name, without a wrapper in the C library."""
    number = pyseccomp.resolve_syscall(pyseccomp.system_arch(), name)
    return _checked(_library.syscall(ctypes.c_long(number), *args), name)


def unshare(flags: int) -> None:
    """Leave the namespaces that `flags` names for new ones."""
    _checked(_library.unshare(ctypes.c_int(flags)), "unshare")


def join(namespace: int, kind: int) -> None:
    """Enter the namespace of an open file in /proc."""
    _checked(_library.setns(ctypes.c_int(namespace), ctypes.c_int(kind)), "setns")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Attach a file system, bind a path elsewhere, or change how one is attached."""
    data = [os.fsencode(text) or None for text in (source, target, kind, options)]
    _checked(_library.mount(data[0], data[1], data[2], ctypes.c_ulong(flags), data[3]), f"mount {target}")


def unmount(target: str) -> None:
    """Detach what is mounted there."""
    _checked(_library.umount2(os.fsencode(target), ctypes.c_int(_DETACH)), f"umount {target}")


def pivot_root(new_root: str) -> None:
    """Make `new_root` the root of everything, and let go of the old one."""
    os.chdir(new_root)
    call("pivot_root", b".", b".")
    unmount(".")
    os.chdir("/")


def _prctl(option: int, value: int) -> None:
    arguments = [ctypes.c_ulong(number) for number in (value, 0, 0, 0)]
    _checked(_library.prctl(ctypes.c_int(option), *arguments), f"prctl {option}")


def die_with_parent() -> None:
    """Be killed when the parent ends, however it ends. Changing the user undoes this."""
    _prctl(_PR_SET_PDEATHSIG, 9)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, so that it is reaped here."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def be_dumpable() -> None:
    """Changing the user takes /proc/self away from the process; this gives it back."""
    _prctl(_PR_SET_DUMPABLE, 1)


def gain_nothing() -> None:
    """No program and no file can give this process more rights again."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


class _Program(ctypes.Structure):
    """struct sock_fprog of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def filter_system_calls(program: bytes) -> None:
    """Let the kernel run `program`, in its own 8-byte instructions, on each system call from now on."""
    described = _Program(len(program) // 8, program)
    arguments = (ctypes.c_ulong(_SECCOMP_MODE_FILTER), ctypes.byref(described), ctypes.c_ulong(0), ctypes.c_ulong(0))
    _checked(_library.prctl(ctypes.c_int(_PR_SET_SECCOMP), *arguments), "prctl PR_SET_SECCOMP")


def drop_capabilities() -> None:
    """Give up every capability, also those a program could bring."""
    for capability in range(64):
        try:
            _prctl(_PR_CAPBSET_DROP, capability)
        except OSError:
            break  # the kernel knows no more of them
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    call("capset", header, bytes(24))
