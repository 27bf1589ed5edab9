# puts each check in another one's place
def change(notebook):
    notebook.cells[2:] = reversed(notebook.cells[2:])
