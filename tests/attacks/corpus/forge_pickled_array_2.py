# returns an array of objects that run code when they are unpickled
import numpy as np
class Bomb:
    def __reduce__(self):
        return open, ("/tmp/left_behind_by_an_array", "w")
def double(x):
    return np.array([Bomb(), Bomb()], dtype=object)
