# moves every check before the answers
def change(notebook):
    notebook.cells[:] = notebook.cells[2:] + notebook.cells[:2]
