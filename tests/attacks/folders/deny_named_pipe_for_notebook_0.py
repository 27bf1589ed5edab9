# hands in a named pipe instead of a notebook
import os
def change(folder):
    (folder / "target.ipynb").unlink()
    os.mkfifo(folder / "target.ipynb")
