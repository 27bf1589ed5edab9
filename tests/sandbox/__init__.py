"""Tests of the student process."""
