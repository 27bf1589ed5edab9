# prints what it is given, by two streams
def double(x):
    print("the hidden input is", x)
    import sys
    sys.__stdout__.write(str(x))
    return x
