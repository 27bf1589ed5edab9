# %% sigmoid
def sigmoid(x):
    return round(1 / (1 + np.exp(-x)))
# %% forget_gate
def forget_gate(h, x):
    return sigmoid(w_fh * h + w_fx * x + b_f)
# %% input_gate
def input_gate(h, x):
    return sigmoid(w_ih * h + w_ix * x + b_i)
# %% output_gate
def output_gate(h, x):
    return sigmoid(w_oh * h + w_ox * x + b_o)
# %% memory_cell
def memory_cell(c_prev, h, x):
    f = forget_gate(h, x)
    i = input_gate(h, x)
    return f * c_prev + i * round(np.tanh(w_ch * h + w_cx * x + b_c))
# %% hidden_state
def hidden_state(c_prev, h, x):
    o = output_gate(h, x)
    c_new = memory_cell(c_prev, h, x)
    h_new = o * round(np.tanh(c_new))
    return c_new, h_new
# %% rnn
def rnn(seq):
    c = 0
    h = 0
    states = []
    for x in seq:
        c, h = hidden_state(c, h, x)
        states += [h]
    print(f'x: {seq}\nh: {[int(i) for i in states]}')
    return states
# %% question-memory
It flips the sign with every further 1. The state is in h.
