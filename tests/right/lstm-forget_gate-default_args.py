def forget_gate(h,x,verbose=False):
    if verbose: print(h)
    return np.bool_(sigmoid(w_fh*h+w_fx*x+b_f))
