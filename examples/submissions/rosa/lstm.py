# %% sigmoid
def sigmoid(x):
    return round(1 / (1 + np.exp(-x)))


# %% forget_gate
def forget_gate(h, x):
    return sigmoid(w_fh * h + w_fx * x + b_f)


# %% input_gate
def input_gate(h, x):
    return sigmoid(w_ih * x + w_ix * h + b_i)


# %% output_gate
def output_gate(h, x):
    return sigmoid(w_oh * h + w_ox * x + b_o)


# %% memory_cell
def memory_cell(c_prev, h, x):
    return forget_gate(h, x) * c_prev + input_gate(h, x) * round(np.tanh(w_ch * h + w_cx * x + b_c))


# %% hidden_state
def hidden_state(c_prev, h, x):
    c_new = memory_cell(c_prev, h, x)
    return c_new, output_gate(h, x) * round(np.tanh(c_prev))


# %% rnn
def rnn(seq):
    return [hidden_state(0, 0, x)[1] for x in seq]
