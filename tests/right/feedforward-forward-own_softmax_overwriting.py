def softmax(z):
    e=np.exp(z)
    return e/e.sum()
def forward(x,w,v):
    z1=w@add_bias(x)
    a1=relu(z1)
    z2=relu(v@add_bias(a1))
    return z1,a1,z2,softmax(z2)
