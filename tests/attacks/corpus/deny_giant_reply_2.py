# returns a gigabyte
def double(x):
    return bytes(10**9)
