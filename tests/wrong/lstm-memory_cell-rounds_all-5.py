def memory_cell(c_prev,h,x):
    return round(forget_gate(h,x)*c_prev+input_gate(h,x)*np.tanh(w_ch*h+w_cx*x+b_c))
