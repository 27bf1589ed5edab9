def backward(x,y,w_1,w_2,b):
    z_1,a_1,z_2,a_2,loss=forward(x,y,w_1,w_2,b)
    d=back_to_z2(a_2,y)
    return back_to_z1(d,w_2,z_1)*x,d*a_1,d
