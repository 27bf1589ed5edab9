def memory_cell(c_prev,h,x):
    return input_gate(h,x)*round(np.tanh(w_ch*h+w_cx*x+b_c))
