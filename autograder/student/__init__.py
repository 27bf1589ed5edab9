"""The code that runs in a student process. It knows no answers, and imports only `autograder.protocol`."""
