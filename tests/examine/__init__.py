"""Tests of `autograder/examine/`."""
