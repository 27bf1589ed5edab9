"""The notebooks of the course: building, checking and pouring answers into them."""
