# turns its answer into a raw cell
def change(notebook):
    cell = notebook.cells[0]
    cell.cell_type = "raw"
    del cell["outputs"], cell["execution_count"]
