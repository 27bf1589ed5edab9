# returns an object whose attributes never answer
class Slow:
    def __getattribute__(self, name):
        while True:
            pass
def double(x):
    return Slow()
