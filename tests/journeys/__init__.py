"""What people do from beginning to end, in a browser, against a real JupyterLab."""
