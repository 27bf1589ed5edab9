# hands in four cells that never end
import nbformat
def change(notebook):
    notebook.cells += [nbformat.v4.new_code_cell("while True: pass", id=f"more-{number}") for number in range(4)]
