"""What crosses the boundary between the grader and a student process: typed, bounded data, never code."""
