# runs the checks before the answers, and answers between
def change(notebook):
    notebook.cells[2], notebook.cells[0] = notebook.cells[0], notebook.cells[2]
