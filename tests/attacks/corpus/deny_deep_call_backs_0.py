# recurses through the reference that stands in for a function
import sys
sys.setrecursionlimit(10**6)
def double(x):
    return x
# %% triple
def triple(x):
    return double(x) + triple(x)
