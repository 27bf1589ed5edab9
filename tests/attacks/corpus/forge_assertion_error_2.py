def double(x):
    raise AssertionError("passed")
