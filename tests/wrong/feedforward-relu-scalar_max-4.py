def relu(z):
    return z if np.max(z)>0 else 0*z
