# returns an object that runs code when it is unpickled
class Bomb:
    def __reduce__(self):
        return open, ("/tmp/left_behind_by_a_pickle", "w")
def double(x):
    return Bomb()
