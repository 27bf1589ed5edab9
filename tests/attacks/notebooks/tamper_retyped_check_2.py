# turns the checks into text
def change(notebook):
    for cell in notebook.cells[2:]:
        cell.cell_type = "markdown"
        del cell["outputs"], cell["execution_count"]
