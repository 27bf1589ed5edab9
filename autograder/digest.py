"""The version of an assignment: a word that changes when anything does that could change a verdict."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

import autograder
from autograder.files import plain_files
from autograder.models import Limits

_JUDGES_NOTHING = "report"


def version(source: Path, limits: Limits, answers: Mapping[str, str]) -> str:
    """The version of the assignment whose source notebook is at `source`, graded with these limits and answers."""
    texts = {name: text.encode() for name, text in answers.items()}
    return digest_of(source.read_bytes(), plain_files(source.parent), texts, msgspec.json.encode(limits), _code())


def digest_of(*parts: bytes | dict[str, bytes]) -> str:
    """A short word that stands for all of `parts`: when any of them changes, it does."""
    return hashlib.sha256(msgspec.msgpack.encode(parts, order="deterministic")).hexdigest()


@functools.cache
def _code() -> bytes:
    """The package: whoever changes how answers are judged has the class judged again.

    A page that says it differently is no reason to.
    """
    found, package = hashlib.sha256(), Path(autograder.__file__).parent
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package).parts[0] != _JUDGES_NOTHING:
            found.update(path.read_bytes())
    return found.digest()
