"""A corpus of ways to write a grade cell, run in the examiner and in one process."""
