# returns lists that hold each other ten times, forty deep
def double(x):
    laughs = [x]
    for _ in range(40):
        laughs = [laughs] * 10
    return laughs
