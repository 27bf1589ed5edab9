# yields the answer instead of returning it
def double(x):
    yield 6
