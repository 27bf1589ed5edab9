"""Attacks on the grader and the sandbox, each a file whose name ends in the score it must get."""
