"""The course's website: `docs/`, the three notebooks as pages, and JupyterLite. `python -m website` builds it."""
