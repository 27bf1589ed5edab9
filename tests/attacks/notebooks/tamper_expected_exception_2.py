# tags the checks as expected to fail
def change(notebook):
    for cell in notebook.cells[2:]:
        cell.metadata["tags"] = ["raises-exception", "nbgrader-ignore"]
        cell.metadata["raises_exception"] = True
