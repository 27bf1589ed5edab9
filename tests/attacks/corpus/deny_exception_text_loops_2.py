class Slow(Exception):
    def __str__(self):
        while True:
            pass
def double(x):
    raise Slow
