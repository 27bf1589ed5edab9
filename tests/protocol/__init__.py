"""Tests of `autograder/protocol/`."""
