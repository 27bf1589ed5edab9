"""What crosses the boundary between the examiner and a student process: typed, bounded data, never code."""
