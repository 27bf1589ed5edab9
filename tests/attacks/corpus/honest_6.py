# answers as asked
def double(x):
    return 2 * x
