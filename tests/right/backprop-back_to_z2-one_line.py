def back_to_z2(y, a_2): return (a_2-y)*(a_2-a_2**2)
