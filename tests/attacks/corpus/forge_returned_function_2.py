# returns a function where a number is due
def double(x):
    return lambda *a: 6
