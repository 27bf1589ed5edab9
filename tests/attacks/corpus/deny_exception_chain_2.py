# raises an exception with ten thousand causes
def double(x):
    error = last = ValueError("first")
    for number in range(10_000):
        last.__cause__ = ValueError(number)
        last = last.__cause__
    raise error
