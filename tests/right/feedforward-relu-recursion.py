def relu(z):
    if np.ndim(z)==0: return max(z,0)
    return [relu(r) for r in z]
