"""Tests of the course's website."""
