# claims metadata of an older form
def change(notebook):
    for cell in notebook.cells[2:]:
        metadata = cell.metadata["nbgrader"]
        metadata["schema_version"] = 1
        del metadata["task"], metadata["cell_type"]
