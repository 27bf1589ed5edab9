# %% sigmoid
def sigmoid(x):
    return int(1 / (1 + np.exp(-x)) >= 0.5)


# %% forget_gate
def forget_gate(h, x):
    return 0


# %% input_gate
def input_gate(h, x):
    return sigmoid(w_ih * h + w_ix * x + b_i)


# %% output_gate
def output_gate(h, x):
    return sigmoid(w_oh * h + w_ox * x + b_o)


# %% memory_cell
def memory_cell(c_prev, h, x):
    return input_gate(h, x) * round(np.tanh(w_ch * h + w_cx * x + b_c))


# %% hidden_state
def hidden_state(c_prev, h, x):
    c_new = memory_cell(c_prev, h, x)
    return c_new, output_gate(h, x) * round(np.tanh(c_new))


# %% rnn
def rnn(seq):
    c, h = 0, 0
    for x in seq:
        c, h = hidden_state(c, h, x)
        print(h)
