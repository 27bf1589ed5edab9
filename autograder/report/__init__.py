"""Reports on grading: a student's feedback page, and the report on a class."""
