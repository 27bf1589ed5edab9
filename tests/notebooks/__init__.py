"""Tests of `autograder/notebooks/`."""
