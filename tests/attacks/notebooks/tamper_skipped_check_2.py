# tags the checks as not to be run
def change(notebook):
    for cell in notebook.cells[2:]:
        cell.metadata["tags"] = ["skip-execution"]
