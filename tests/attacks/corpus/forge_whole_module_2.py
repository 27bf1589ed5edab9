# returns a module where a number is due
import numpy
def double(x):
    return numpy
