# makes the checks tasks for a human to judge
def change(notebook):
    for cell in notebook.cells[2:]:
        cell.metadata["nbgrader"] |= {"task": True, "grade": False}
