"""Saying what came of grading: a student's feedback page, and the report on a class."""
