"""Measurements beside other graders. Nothing here is imported by the package or its tests."""
