"""A corpus of ways to write a grade cell, run in the grader and in one process."""
