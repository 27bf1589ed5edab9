"""Attacks on the examiner and the sandbox, each a file whose name ends in the score it must get."""
