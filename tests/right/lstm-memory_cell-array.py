def memory_cell(c_prev,h,x):
    return np.array([forget_gate(h,x),input_gate(h,x)])@np.array([c_prev,round(np.tanh(w_ch*h+w_cx*x+b_c))])
