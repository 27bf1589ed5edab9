# gives the reference that stands in for a function more than it can chew
import numpy as np
def double(x):
    return x
# %% triple
def triple(x):
    for costly in (10**30_000, "x" * 10**7, [0] * 10**6, np.zeros((3000, 1000))):
        double(costly)
    return x
