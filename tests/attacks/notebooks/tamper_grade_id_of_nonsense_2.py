# writes grade ids that are no names
def change(notebook):
    for cell, name in zip(notebook.cells[2:], [["triple-hidden"], 7, "../../gradebook.db"]):
        cell.metadata["nbgrader"]["grade_id"] = name
