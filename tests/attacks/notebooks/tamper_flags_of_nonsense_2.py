# writes words where metadata says yes or no
def change(notebook):
    for cell in notebook.cells[2:]:
        cell.metadata["nbgrader"] |= {"grade": "no", "locked": "", "solution": "yes", "task": []}
