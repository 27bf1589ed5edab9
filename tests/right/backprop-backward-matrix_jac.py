def backward(x,y,w_1,w_2,b):
    z_1,a_1,z_2,a_2,_=forward(x,y,w_1,w_2,b)
    J=np.array([[w_2*float(z_1>0)*x,a_1,1.0]])
    return np.ravel(J*(a_2-y)*a_2*(1-a_2))
