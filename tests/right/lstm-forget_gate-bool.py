def forget_gate(h,x):
    return w_fh*h+w_fx*x+b_f>0
