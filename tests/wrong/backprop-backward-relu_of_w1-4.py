def backward(x,y,w_1,w_2,b):
    z_1,a_1,z_2,a_2,_=forward(x,y,w_1,w_2,b)
    d=-(y-a_2)*a_2*(1-a_2)
    return d*w_2*(w_1>0)*x,d*a_1,d
