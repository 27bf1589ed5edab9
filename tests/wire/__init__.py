"""Tests of `autograder/wire/`."""
