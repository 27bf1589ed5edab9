def forward(x,w,v):
    z1=w@add_bias(x).reshape(-1,1)
    a1=relu(z1)
    z2=relu(v@add_bias(a1).reshape(-1,1))
    return np.array([z1,a1,z2,softmax(z2)],dtype=object)
