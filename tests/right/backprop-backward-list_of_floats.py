def backward(x,y,w_1,w_2,b):
    z_1,a_1,z_2,a_2,loss=forward(x,y,w_1,w_2,b)
    db=back_to_z2(y,a_2)
    dw2=db*a_1
    if z_1>0:
        dw1=db*w_2*x
    else:
        dw1=0
    return [float(dw1),float(dw2),float(db)]
