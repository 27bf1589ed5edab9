# lays a named pipe beside the notebook, which nobody ever writes to
import os
def change(folder):
    os.mkfifo(folder / "data.csv")
