def backward(x,y,w_1,w_2,b):
    values=forward(x,y,w_1,w_2,b)
    d=back_to_z2(y,values[3])
    return x*back_to_z1(d,w_2,values[0]),values[1]*d,d
