"""The tests mirror `autograder/`, one folder a room."""
