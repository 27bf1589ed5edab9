"""Tests of `autograder/reference/`."""
