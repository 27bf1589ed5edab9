def forward(x,y,w_1,w_2,b):
    z_1=w_1*x
    a_1=max(0,z_1)
    z_2=max(0,w_2*a_1+b)
    a_2=1/(1+np.exp(-z_2))
    return z_1,a_1,z_2,a_2,(y-a_2)**2/2
