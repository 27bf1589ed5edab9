def forward(x, w, v):
    z1=w@add_bias(x)
    a1=relu(z1)
    z2=relu(v[:,:-1]@a1)
    a2=softmax(z2)
    return z1,a1,z2,a2
