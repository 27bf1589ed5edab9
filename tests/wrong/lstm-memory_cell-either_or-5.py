def memory_cell(c_prev,h,x):
    if forget_gate(h,x): return c_prev
    return input_gate(h,x)*round(np.tanh(w_ch*h+w_cx*x+b_c))
