def step(x,y,w_1,w_2,b,rate):
    z_1,a_1,_,a_2,_=forward(x,y,w_1,w_2,b)
    d=back_to_z2(y,a_2)
    return w_1-rate*x*back_to_z1(d,w_2,z_1),w_2-rate*a_1*d,b-rate*d
