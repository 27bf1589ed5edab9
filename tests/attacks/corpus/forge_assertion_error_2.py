# raises the error a check would, with a kind word
def double(x):
    raise AssertionError("passed")
