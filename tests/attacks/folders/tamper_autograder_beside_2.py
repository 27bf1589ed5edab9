# lays a grader of its own beside the notebook
TRAP = "open('/tmp/left_behind_by_a_package', 'w').close()\n"
def change(folder):
    for name in ("autograder", "nbgrader", "IPython"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(TRAP)
    (folder / "autograder.py").write_text(TRAP)
