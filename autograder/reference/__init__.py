"""The document's answers, one module an assignment. Hidden tests compare with these and nothing else."""
