# %% sigmoid
def sigmoid(x):
    return round(1 / (1 + np.exp(-x)))


# %% forget_gate
def forget_gate(h, x):
    while True:
        pass


# %% input_gate
def input_gate(h, x):
    return sigmoid(w_ih * h + w_ix * x + b_i)


# %% output_gate
def output_gate(h, x):
    return sigmoid(w_oh * h + w_ox * x + b_o)
