def back_to_z1(dloss_z2,w_2,z_1):
    a_1=np.maximum(0,z_1)
    return np.where(a_1>0,np.multiply(dloss_z2,w_2),0.0)
