# writes nbgrader metadata that is none
def change(notebook):
    for cell, metadata in zip(notebook.cells[2:], ["graded", ["graded"], 6]):
        cell.metadata["nbgrader"] = metadata
