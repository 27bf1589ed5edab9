def forward(x,w,v):
    z1=add_bias(x)[None]@w.T
    a1=relu(z1)
    z2=relu(add_bias(a1)[None]@v.T)
    return z1,a1,z2,softmax(z2)
