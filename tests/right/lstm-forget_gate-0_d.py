def forget_gate(h,x):
    return np.array(sigmoid(np.dot(np.array([w_fh,w_fx,b_f]),np.array([h,x,1]))))
