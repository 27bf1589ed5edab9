"""Confining a student process: namespaces, a root of its own, no capabilities, a filter on system calls, limits.

Each step is undone by none that follows; all of them together take a few milliseconds.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import sysconfig
from pathlib import Path

import pyseccomp

from autograder.sandbox.worker import kernel
from autograder.sandbox.worker.limits import limit

WORK = "/tmp/work"
_NOBODY = 65534
_FILES = 16 * 1024 * 1024
_CLONE_THREAD = 0x00010000
_DENIED = (
    *("fork", "vfork", "execve", "execveat", "setsid", "setpgid"),
    *("ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd", "pidfd_open", "process_madvise"),
    *("mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick"),
    *("mount_setattr", "unshare", "setns", "bpf", "perf_event_open", "userfaultfd"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("keyctl", "add_key", "request_key", "memfd_create", "memfd_secret", "shmget", "msgget", "semget", "mq_open"),
    *("name_to_handle_at", "open_by_handle_at", "kexec_load", "init_module", "finit_module", "delete_module"),
    *("swapon", "swapoff", "quotactl", "personality", "reboot", "sethostname", "setdomainname", "acct", "syslog"),
    *("socket", "kill", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal"),
)


def system_call_filter() -> pyseccomp.SyscallFilter:
    """What no notebook needs fails with EPERM; threads may be started, processes may not."""
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in _DENIED:
        if pyseccomp.resolve_syscall(pyseccomp.system_arch(), name) >= 0:  # not every machine has them all
            rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
    # clone3 hides its flags behind a pointer; without it libraries fall back to clone, whose flags can be seen
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    no_thread = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_THREAD, 0)
    rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "clone", no_thread)
    return rules


def enter_namespaces(folder: str, rules: pyseccomp.SyscallFilter) -> None:
    """Leave everything behind but Python and its libraries, read-only, and an empty folder with a copy of the files.

    `folder` is where the submission's files lie; notebooks are not copied, since the one being graded holds the hidden
    tests. Returns in the confined process, which is the first of its process namespace; the process that called waits
    for it and ends with it. Raises OSError when the kernel refuses a step.
    """
    files = _files_beside(Path(folder))
    privileged = os.geteuid() == 0
    if privileged:
        kernel.unshare(kernel.NEW_NAMESPACES)
    else:
        _become_root_of_nothing()
    if child := os.fork():
        _wait_for(child)
    _build_root(files, owner=_NOBODY if privileged else None)
    if privileged:  # only now: the interpreter may lie where nobody cannot go
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
        kernel.be_dumpable()
    kernel.die_with_parent()
    kernel.drop_capabilities()
    kernel.gain_nothing()
    os.environ["HOME"] = WORK
    limit()
    rules.load()


def _become_root_of_nothing() -> None:
    """An ordinary user may build namespaces inside a user namespace of its own."""
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(kernel.NEW_USER_NAMESPACE | kernel.NEW_NAMESPACES)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _wait_for(child: int) -> None:
    """Hold no end of the wire, so that the examiner sees at once when the child ends; end when the grader does."""
    kernel.die_with_parent()
    os.closerange(3, 1024)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.waitpid(child, 0)
    os._exit(0)


def _readable() -> list[str]:
    """Python, its packages and the system's libraries, as far as they exist and none lies within another."""
    paths = sysconfig.get_paths()
    wanted = [paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"]]
    wanted += [str(Path(sys.base_prefix, "lib")), "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache"]
    existing = sorted({os.path.realpath(path) for path in wanted if Path(path).exists()})
    return [path for path in existing if not any(path.startswith(f"{other}/") for other in existing)]


def _files_beside(folder: Path) -> dict[str, bytes]:
    """The plain files that came with the submission, up to a total size."""
    files, total = {}, 0
    for path in sorted(folder.iterdir()):
        if path.suffix != ".ipynb" and path.is_file() and not path.is_symlink():
            total += path.stat().st_size
            if total > _FILES:
                break
            files[path.name] = path.read_bytes()
    return files


def _build_root(files: dict[str, bytes], owner: int | None) -> None:
    root = "/tmp"
    kernel.mount("", "/", flags=kernel.RECURSIVE | kernel.PRIVATE)
    # held open, because the new root goes over a folder that may contain some of them
    readable = {path: os.open(path, os.O_PATH) for path in _readable()}
    safe = kernel.NO_SETUID | kernel.NO_DEVICES
    kernel.mount("tmpfs", root, "tmpfs", safe, "size=1m,mode=755")
    for path, descriptor in readable.items():
        _bind(f"/proc/self/fd/{descriptor}", root + path)
        kernel.mount("", root + path, flags=kernel.REMOUNT | kernel.BIND | kernel.READ_ONLY | safe)
        os.close(descriptor)
    for link in ("/lib", "/lib64"):
        if Path(link).is_symlink():
            Path(root + link).symlink_to(Path(link).readlink())
    for device in ("null", "zero", "random", "urandom"):
        _bind(f"/dev/{device}", f"{root}/dev/{device}")
    Path(root, "proc").mkdir()
    kernel.mount("proc", f"{root}/proc", "proc", safe | kernel.NO_EXECUTE)
    Path(root + WORK).mkdir(parents=True)
    ownership = "" if owner is None else f",uid={owner},gid={owner}"
    kernel.mount("tmpfs", root + WORK, "tmpfs", safe, f"size=64m,nr_inodes=4096,mode=700{ownership}")
    for name, content in files.items():
        Path(root + WORK, name).write_bytes(content)
    _hide_our_own(root)
    kernel.pivot_root(root)
    kernel.mount("", "/", flags=kernel.REMOUNT | kernel.BIND | kernel.READ_ONLY | safe)
    os.chdir(WORK)


def _bind(source: str, target: str) -> None:
    if Path(source).is_dir():
        Path(target).mkdir(parents=True, exist_ok=True)
    else:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(target).touch()
    kernel.mount(source, target, flags=kernel.BIND | kernel.RECURSIVE)


def _hide_our_own(root: str) -> None:
    """Where the package is installed among the others, the reference answers lie there too."""
    installed = root + os.path.realpath(Path(__file__).parents[2])
    if Path(installed).is_dir():
        kernel.mount("tmpfs", installed, "tmpfs", kernel.READ_ONLY, "size=4k")
