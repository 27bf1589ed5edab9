# raises an exception with a text of 50 MB
def double(x):
    raise ValueError("x" * 50_000_000)
