# merges the checks into one cell of its own, and answers behind it
import nbformat
def change(notebook):
    text = "\n".join(cell.source for cell in notebook.cells[2:])
    notebook.cells[2:] = [nbformat.v4.new_code_cell(text, id="mine")]
