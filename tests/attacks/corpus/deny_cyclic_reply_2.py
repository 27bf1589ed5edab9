# returns a list that contains itself
def double(x):
    circle = [x]
    circle.append(circle)
    return circle
