"""Grading: one submission, a whole class, and the demonstration class."""
