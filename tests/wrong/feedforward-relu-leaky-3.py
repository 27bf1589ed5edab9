def relu(z):
    return np.where(z>0,z,1e-9*z)
