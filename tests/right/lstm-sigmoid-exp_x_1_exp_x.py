import math
def sigmoid(x):
    return round(math.exp(x)/(1+math.exp(x)))
