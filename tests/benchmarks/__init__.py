"""Tests of `benchmarks/`: that what it measures is what it says."""
