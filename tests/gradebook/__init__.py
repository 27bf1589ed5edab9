"""Tests of `autograder/gradebook/`."""
