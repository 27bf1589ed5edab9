"""The public command with student code confined at a chosen level: `python -m tests.attacks.at_level LEVEL ...`.

The command itself always takes the strictest level the machine allows; this shows what a lesser machine would do.
"""

from __future__ import annotations

import sys

from autograder.cli import main
from autograder.sandbox.nursery import Level, shared

if __name__ == "__main__":
    nursery, level = shared(), Level(sys.argv.pop(1))
    nursery.require(level)
    nursery.level = level
    main()
