"""Nothing yet."""

from autograder.protocol.composites import Kind

KINDS: tuple[Kind, ...] = ()
