"""Notebook files: finding and reading them, putting a damaged one back in form, pouring answers into one."""
