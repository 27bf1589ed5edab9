"""Building and checking the course: what is generated from `source/`, and the rules it keeps."""
