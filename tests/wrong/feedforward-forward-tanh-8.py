def forward(x, w, v):
    z1 = w @ add_bias(x)
    a1 = np.tanh(z1)
    z2 = relu(v @ add_bias(a1))
    return z1, a1, z2, softmax(z2)
