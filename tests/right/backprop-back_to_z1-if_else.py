def back_to_z1(dloss_z2,w_2,z_1):
    if z_1<=0:
        return 0
    return dloss_z2*w_2
