def forward(x, w, v):
    w = np.array([[1, 0, -1], [0, 1, -1], [-1, 0, -1], [0, -1, -1]])
    z1 = np.dot(w, add_bias(x))
    a1 = relu(z1)
    z2 = relu(np.dot(v, add_bias(a1)))
    return z1, a1, z2, softmax(z2)
