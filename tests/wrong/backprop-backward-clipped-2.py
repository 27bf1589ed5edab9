def backward(x,y,w_1,w_2,b):
    z_1,a_1,z_2,a_2,loss=forward(x,y,w_1,w_2,b)
    d=np.clip((a_2-y)*a_2*(1-a_2),-1,1)
    return d*w_2*x*(z_1>0),d*a_1,d
