def forward(x, w, v):
    z1 = w[:, :-1] @ x.flatten() - w[:, -1]
    a1 = relu(z1)
    z2 = relu(v[:, :-1] @ a1 - v[:, -1])
    return z1, a1, z2, softmax(z2)
