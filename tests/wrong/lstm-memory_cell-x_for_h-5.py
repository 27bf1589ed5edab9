def memory_cell(c_prev,h,x):
    return forget_gate(h,x)*c_prev+input_gate(x,x)*round(np.tanh(w_ch*h+w_cx*x+b_c))
