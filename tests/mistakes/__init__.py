"""Tests of `autograder/mistakes/`."""
