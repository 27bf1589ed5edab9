# %% relu
def relu(z):
    return np.maximum(z, 0)
# %% add_bias
def add_bias(x):
    return np.append(x, 1)
# %% forward
def forward(x, w, v):
    x = add_bias(x)
    z1 = w @ x
    a1 = relu(w @ x)
    hidden = a1
    a1 = add_bias(a1)
    z2 = relu(v @ a1)
    a2 = softmax(z2)
    print(f'[{a2[0]:.10}, {a2[-1]:.10}]')
    return z1, hidden, z2, a2
# %% calc_o1
def calc_o1(a1, v):
    a1 = add_bias(np.array(a1)).reshape(-1, 1)
    z2 = relu(v @ a1)
    print('z2:', z2, '\n')
    a2 = softmax(z2)
    print('a2:', a2, '\n')
    return z2, a2
# %% softmax_with_temp
def softmax_with_temp(x, t):
    return np.exp(t*x) / np.sum(np.exp(t*x))
# %% question-boundary
Each hidden unit is a line. Where a unit switches on, the slope changes, so the corners lie on the four lines.
