"""Tests of `autograder/`."""
