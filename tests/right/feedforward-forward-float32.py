def forward(x,w,v):
    w=w.astype(np.float32)
    z1=w@add_bias(x).astype(np.float32)
    a1=relu(z1)
    z2=relu(v.astype(np.float32)@add_bias(a1))
    return z1,a1,z2,softmax(z2)
