# locks its answer, as the grader's own cells are
def change(notebook):
    cell = notebook.cells[0]
    cell.metadata["nbgrader"]["locked"] = True
    cell.source += "\nopen('/tmp/left_behind_by_an_answer', 'w').close()"
