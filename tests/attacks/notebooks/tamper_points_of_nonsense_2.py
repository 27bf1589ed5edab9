# writes points that are no number
def change(notebook):
    for cell, points in zip(notebook.cells[2:], ["six", -3, float("inf")]):
        cell.metadata["nbgrader"]["points"] = points
