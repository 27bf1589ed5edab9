# raises in a line that stands for what it was asked
def double(x):
    if x == 3: return 6 / 0
    if x == -1: return [][1]
    if x == 0.5: return {}[1]
    return x
