"""Tests of `autograder/misconceptions/`."""
