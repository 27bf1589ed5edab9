# lays a reference of its own beside the notebook
def change(folder):
    (folder / "answers.py").write_text("def double(x):\n    return x\n")
