"""nbgrader's gradebook: opening the course, entering assignments, reading scores."""
