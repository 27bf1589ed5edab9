# raises the points of every check
def change(notebook):
    for cell in notebook.cells[2:]:
        cell.metadata["nbgrader"]["points"] = 1000
