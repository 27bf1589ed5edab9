# returns an object whose repr never ends
class Slow:
    def __repr__(self):
        while True:
            pass
def double(x):
    return Slow()
