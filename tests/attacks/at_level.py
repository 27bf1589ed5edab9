"""The public command with student code confined at a chosen level: `python -m tests.attacks.at_level LEVEL ...`.

The command itself always takes the strictest level the machine allows; this shows what a lesser machine would do.
"""

from __future__ import annotations

import sys

from autograder import sandbox
from autograder.sandbox import ForkServer, Level


def only_at(level: Level) -> None:
    """Let every canary above `level` get away with something."""
    held = sandbox.escapes

    def escapes(fork_server: ForkServer) -> str:
        return held(fork_server) if fork_server.level is level else "this level was not asked for"

    sandbox.escapes = escapes


if __name__ == "__main__":
    asked = Level(sys.argv.pop(1))
    only_at(asked)
    if sandbox.shared().level is not asked:
        sys.exit(f"this machine does not hold '{asked.value}'")
    from autograder.cli import main

    main()
