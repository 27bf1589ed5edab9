def back_to_z1(dloss_z2,w_2,z_1):
    return dloss_z2*w_2*max(0,z_1)
