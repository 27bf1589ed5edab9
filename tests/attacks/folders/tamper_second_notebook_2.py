# hands in a second notebook that passes every check
import json
def change(folder):
    notebook = json.loads((folder / "target.ipynb").read_text())
    notebook["cells"][0]["source"] = "def double(x):\n    return 2 * x"
    for name in ("Target.ipynb", "target (1).ipynb", "a.ipynb"):
        (folder / name).write_text(json.dumps(notebook))
