# claims metadata of a form nobody knows yet
def change(notebook):
    for cell in notebook.cells:
        cell.metadata["nbgrader"]["schema_version"] = 99
