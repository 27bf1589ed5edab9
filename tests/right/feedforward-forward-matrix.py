def forward(x,w,v):
    z1=np.matrix(w)*np.matrix(add_bias(x)).T
    a1=relu(z1)
    z2=relu(np.matrix(v)*np.matrix(add_bias(a1)).T)
    return z1,a1,z2,softmax(z2)
