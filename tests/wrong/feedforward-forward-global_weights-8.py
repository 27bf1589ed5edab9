def forward(x, w_, v_):
    z1=w@add_bias(x)
    a1=relu(z1)
    z2=relu(v@add_bias(a1))
    return z1,a1,z2,softmax(z2)
