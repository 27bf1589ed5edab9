"""Where the checks of a submission run when they can touch files: in a folder of theirs, with their own `/tmp`."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping

import nbformat

from autograder.cells import role
from autograder.judge.shared_files import SharedFiles, shared_files, touch_files
from autograder.models import Limits, WrittenFiles
from autograder.sandbox import ForkServer, Level

_TMP = "/tmp"


@contextlib.contextmanager
def workplace(
    notebook: nbformat.NotebookNode,
    given: Mapping[str, bytes],
    own: Mapping[str, bytes],
    written: WrittenFiles | None,
    limits: Limits,
    fork_server: ForkServer,
    in_fork: bool,
) -> Iterator[SharedFiles | None]:
    """In the body, the checks of `notebook` run among the files beside their source, shared with the student's code.

    None where no check can touch a file: everything is as before. `in_fork` says that this process was forked for this
    submission: it then gets a `/tmp` of its own where the system lets it, as a confined student process has one.
    """
    if not touch_files(author_code(notebook.cells, given), given):
        yield None
        return
    has_own_tmp = in_fork and fork_server.level is Level.NAMESPACES and _get_own_tmp(limits.disk_megabytes)
    with shared_files(given, own, written, has_own_tmp) as files:
        yield files


def author_code(cells: Iterable[nbformat.NotebookNode], files: Mapping[str, bytes]) -> Iterator[str]:
    """The checks, the locked cells, and the modules beside them."""
    for cell in cells:
        if cell.cell_type == "code" and (role(cell).is_check or role(cell).is_given):
            yield cell.source
    yield from (content.decode(errors="replace") for name, content in files.items() if name.endswith(".py"))


def _get_own_tmp(megabytes: int) -> bool:
    """Give this process, for good, an empty `/tmp` that no other process sees; returns whether that can be done."""
    needed = (*sys.path, sys.prefix, sys.base_prefix)
    if any(f"{os.path.realpath(path)}/".startswith(f"{_TMP}/") for path in needed if path):
        return False
    try:
        from autograder.student import confinement, kernel  # only here, since they need Linux and libseccomp

        if os.geteuid() != 0:
            confinement.become_root_of_nothing()
        kernel.unshare(kernel.NEW_MOUNTS)
        kernel.mount("", "/", flags=kernel.RECURSIVE | kernel.PRIVATE)
        options = f"size={3 * megabytes}m,nr_inodes=20000,mode=700"
        kernel.mount("tmpfs", _TMP, "tmpfs", kernel.NO_SETUID | kernel.NO_DEVICES, options)
    except (ImportError, OSError):
        return False
    os.environ.pop("TMPDIR", None)
    tempfile.tempdir = None
    return True
