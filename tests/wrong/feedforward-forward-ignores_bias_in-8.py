def forward(x, w, v):
    z1=w[:,:-1]@np.ravel(x)
    a1=relu(z1)
    z2=relu(v@add_bias(a1))
    a2=softmax(z2)
    return z1,a1,z2,a2
