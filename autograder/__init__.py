"""The autograder of the course *Neural networks by hand*."""
