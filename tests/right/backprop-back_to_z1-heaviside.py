def back_to_z1(dloss_z2,w_2,z_1):
    return np.heaviside(z_1,0)*w_2*dloss_z2
