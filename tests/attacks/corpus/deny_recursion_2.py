# recurses past the end of the stack
import sys
def double(x):
    sys.setrecursionlimit(10**8)
    return double(x)
