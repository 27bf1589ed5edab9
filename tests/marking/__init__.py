"""Tests of `autograder/marking/`."""
