"""The same cells in a student process and in Jupyter."""
