# returns an object that claims to be an array in somebody else's memory
class Elsewhere:
    __array_interface__ = {"shape": (10**6,), "typestr": "<f8", "data": (4096, False), "version": 3}
def double(x):
    return Elsewhere()
