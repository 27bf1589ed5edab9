from collections import namedtuple
State=namedtuple("State","c h")
def hidden_state(c_prev,h,x):
    c=memory_cell(c_prev,h,x)
    return State(c,output_gate(h,x)*np.round(np.tanh(c)))
