# says that the checks give no points
def change(notebook):
    for cell in notebook.cells[3:]:
        cell.metadata["nbgrader"]["grade"] = False
