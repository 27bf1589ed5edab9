def back_to_z2(y,a_2):
    return (y-a_2)**2/2*a_2*(1-a_2)
