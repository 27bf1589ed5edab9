def memory_cell(c_prev,h,x):
    return int(input_gate(h,x))*int(round(float(np.tanh(w_ch*h+w_cx*x+b_c))))+int(forget_gate(h,x))*c_prev
