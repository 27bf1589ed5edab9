# %% sigmoid
import math

def sigmoid(x):
    return 1 if x > 0 and 1 / (1 + math.exp(-x)) > 0.5 else 0
# %% forget_gate
def gate(h, x, w_h, w_x, b):
    return float(sigmoid(np.dot([w_h, w_x, b], [h, x, 1])))

forget_gate = lambda h, x: gate(h, x, w_fh, w_fx, b_f)
# %% input_gate
input_gate = lambda h, x: gate(h, x, w_ih, w_ix, b_i)
# %% output_gate
output_gate = lambda h, x: gate(h, x, w_oh, w_ox, b_o)
# %% memory_cell
def memory_cell(c_prev, h, x):
    value = 0.0
    if forget_gate(h, x):
        value = value + c_prev
    if input_gate(h, x):
        value = value + np.rint(np.tanh(w_ch * h + w_cx * x + b_c))
    return np.float64(value)
# %% hidden_state
def hidden_state(c_prev, h, x):
    c_new = memory_cell(c_prev, h, x)
    return [c_new, np.round(math.tanh(c_new)) if output_gate(h, x) else 0]
# %% rnn
from itertools import accumulate

def rnn(seq):
    steps = accumulate(seq, lambda state, x: hidden_state(*state, x), initial=(0, 0))
    return np.array([h for _, h in steps][1:])
# %% question-memory
The memory is in h: it enters the candidate with a large negative weight.
