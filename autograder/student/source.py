"""A cell's source, with short ways where IPython's own take longer than many a cell runs."""

from __future__ import annotations

import functools
import inspect
import re

import numpy as np
from ipykernel.compiler import XCachingCompiler, get_tmp_directory, get_tmp_hash_seed

_MULTIPLIER, _MASK = 0x5BD1E995, 0xFFFFFFFF
_NOT_PYTHON = re.compile(
    r"""
      \A\s                                        # lines and blanks that are taken away
    | ^\s*(?:[%!?,;/] | >>> | \.{3} | In\s*\[)    # magics, commands and prompts
    | =\s*[%!]                                    # what a magic or a command gives, assigned
    | ^(?!\s*\#).*\?\s*$                          # help, unless a comment asks something
    """,
    re.MULTILINE | re.VERBOSE,
)


def is_python(source: str) -> bool:
    """Whether IPython surely takes `source` as it stands; where it says no, IPython has to be asked."""
    return "\n" in source.rstrip() and not _NOT_PYTHON.search(source)


def may_await(source: str) -> bool:
    """Whether `source` may await something outside of a function; where it says yes, the compiler has to be asked."""
    return "await" in source or "async" in source


class Compiler(XCachingCompiler):
    """A kernel's compiler, which does not work out twice what takes long."""

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        """The name under which tracebacks know the code of a cell."""
        name = _file_name(raw_code)
        inspect.modulesbyfile[name] = "__main__"  # or it is looked for among all modules, for each line of a traceback
        return name


@functools.lru_cache(maxsize=1)
def _file_name(source: str) -> str:
    return f"{get_tmp_directory()}/{murmur2(source.encode(), get_tmp_hash_seed())}.py"  # type: ignore[no-untyped-call]


def murmur2(data: bytes, seed: int) -> int:
    """The 32-bit MurmurHash2 of `data`, by which kernels name cells."""
    whole, rest = data[: len(data) & ~3], data[len(data) & ~3 :]
    words = np.frombuffer(whole, "<u4") * np.uint32(_MULTIPLIER)
    words = (words ^ (words >> np.uint32(24))) * np.uint32(_MULTIPLIER)
    found = seed ^ len(data)
    for word in words.tolist():
        found = found * _MULTIPLIER & _MASK ^ word
    if rest:
        found = (found ^ int.from_bytes(rest, "little")) * _MULTIPLIER & _MASK
    found = (found ^ found >> 13) * _MULTIPLIER & _MASK
    return found ^ found >> 15
