def memory_cell(c_prev,h,x):
    f=sigmoid(w_fh*h+w_fx*x+b_f); i=sigmoid(w_ih*h+w_ix*x+b_i)
    c=0 if not f else c_prev
    return c if not i else c+np.round(np.tanh(np.float32(w_ch*h+w_cx*x+b_c)))
