def memory_cell(c_prev,h,x):
    c=round(np.tanh(w_ch*h+w_cx*x+b_c))
    return forget_gate(c_prev,x)*c_prev+input_gate(c_prev,x)*c
