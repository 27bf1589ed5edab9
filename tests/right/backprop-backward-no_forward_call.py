import math
def backward(x,y,w_1,w_2,b):
    z=w_1*x; a=max(0,z); a2=1/(1+math.exp(-w_2*a-b)); d=(a2-y)*a2*(1-a2)
    return [d*w_2*x if z>0 else 0,d*a,d]
