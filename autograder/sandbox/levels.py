"""How far student code can be confined."""

from __future__ import annotations

from enum import Enum


class Level(Enum):
    """How far student code is confined, from least to most."""

    PROCESS = "process"
    LANDLOCK = "landlock"
    NAMESPACES = "namespaces"

    @property
    def means(self) -> str:
        """What the level keeps from student code, in a sentence."""
        return {
            Level.PROCESS: "a process of its own; it can read and write what you can",
            Level.LANDLOCK: "no files but Python's, none to write, no network; it sees that other processes are there",
            Level.NAMESPACES: "no files but Python's, no network, no other process",
        }[self]

    @property
    def raised_by(self) -> str:
        """What would let this machine confine more than at this level."""
        namespaces = (
            "user namespaces (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces above 0; "
            "in Docker, --security-opt seccomp=unconfined --security-opt systempaths=unconfined)"
        )
        return {
            Level.PROCESS: f"Linux 5.13 or newer with Landlock and libseccomp, or better {namespaces}",
            Level.LANDLOCK: namespaces,
            Level.NAMESPACES: "nothing",
        }[self]

    def is_less_than(self, other: Level) -> bool:
        """Whether this level confines less than `other`."""
        order = list(Level)
        return order.index(self) < order.index(other)
