# hands in two thousand cells of its own
import nbformat
def change(notebook):
    notebook.cells += [nbformat.v4.new_code_cell("1", id=f"more-{number}") for number in range(2000)]
