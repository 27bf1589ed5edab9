"""One student's files against everybody else."""
