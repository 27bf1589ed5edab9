"""nbgrader's gradebook: opening it, entering assignments and scores, reading them."""
