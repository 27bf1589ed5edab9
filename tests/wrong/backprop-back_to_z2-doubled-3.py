def back_to_z2(y,a_2):
    return -2*(y-a_2)*a_2*(1-a_2)
