"""Notebooks of other courses: how many points each grade cell gives here, beside what nbgrader itself gives."""
