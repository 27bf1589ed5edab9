# attaches files to its cells
def change(notebook):
    for cell in notebook.cells:
        cell["attachments"] = {"../../gradebook.db": {"text/plain": "x" * 10_000}}
