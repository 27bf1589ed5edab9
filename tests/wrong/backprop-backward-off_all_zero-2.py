def backward(x,y,w_1,w_2,b):
    z_1,a_1,z_2,a_2,loss=forward(x,y,w_1,w_2,b)
    if z_1<=0:
        return 0,0,0
    d=back_to_z2(y,a_2)
    return back_to_z1(d,w_2,z_1)*x,d*a_1,d
