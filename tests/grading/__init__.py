"""Tests of `autograder/grading/`."""
