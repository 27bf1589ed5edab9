# claims to have been graded already, and how
def change(notebook):
    notebook.metadata["autograder"] = {"sandbox": "namespaces", "score": 6, "verdicts": ["passed"] * 3}
    notebook.metadata["nbgrader"] = {"score": 6}
