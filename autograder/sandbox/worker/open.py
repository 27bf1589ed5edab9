"""The least level: nothing is kept from a student process but the grader's memory."""

from __future__ import annotations

import contextlib
import os

from autograder.sandbox.worker.birth import Birth, Files
from autograder.sandbox.worker.folder import make_folder
from autograder.sandbox.worker.limits import limit


class Open:
    """A process of its own with limits; all there is where there is no Linux."""

    def scratch(self) -> contextlib.nullcontext[None]:
        """Nothing needs to be done."""
        return contextlib.nullcontext()

    def fork(self) -> int:
        """A child as it is."""
        return os.fork()

    def enter(self, bounds: Birth, files: Files) -> None:
        """Limit this child, in a folder that holds `files`."""
        make_folder(files)
        limit(bounds)
