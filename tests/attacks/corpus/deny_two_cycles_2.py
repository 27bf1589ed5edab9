# returns a list that contains itself twice
def double(x):
    circle = []
    circle += [circle, circle]
    return circle
