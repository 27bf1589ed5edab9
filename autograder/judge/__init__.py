"""Running a submission and judging its grade cells."""
