# hoards memory in arrays
import numpy as np
hoard = []
def double(x):
    while True:
        hoard.append(np.ones(1 << 24))
