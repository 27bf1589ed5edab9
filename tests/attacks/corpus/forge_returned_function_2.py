def double(x):
    return lambda *a: 6
