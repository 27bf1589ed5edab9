"""The system calls no notebook needs, refused by name through libseccomp."""

from __future__ import annotations

import errno
import tempfile

import pyseccomp

_CLONE_THREAD = 0x00010000
_F_SETOWN, _F_SETSIG, _F_SETOWN_EX, _F_SETLEASE, _F_NOTIFY = 8, 10, 15, 1024, 1026
_FIOSETOWN, _SIOCSPGRP = 0x8901, 0x8902
_AN_INT = 0xFFFFFFFF
"""The kernel looks at these bits of a number only, whatever stands in the others."""
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
"""What is refused, besides, where a process can see others and their files."""


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
