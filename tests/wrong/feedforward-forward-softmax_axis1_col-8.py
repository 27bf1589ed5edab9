def forward(x, w, v):
    z1=w@add_bias(x).reshape(-1,1)
    a1=relu(z1)
    z2=relu(v@add_bias(a1).reshape(-1,1))
    a2=softmax(z2,axis=1)
    return z1,a1,z2,a2
