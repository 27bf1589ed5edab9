def forward(x, w, v):
    z1=w@add_bias(x)
    a1=add_bias(relu(z1))
    z2=relu(v@a1)
    a2=softmax(z2)
    return z1,a1,z2,a2
