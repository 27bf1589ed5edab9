# %% relu
def relu(z):
    return np.maximum(z, 0)

print(relu(my_vector))
# %% add_bias
def add_bias(x):
    return np.append(x, 1
# %% softmax_with_temp
def softmax_with_temp(x, t):
    powers = np.exp(t * x - np.max(t * x))
    return powers / powers.sum()
