# gives all cells the same id
def change(notebook):
    for cell in notebook.cells:
        cell["id"] = "same"
