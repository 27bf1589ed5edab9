def slope_of_loss(y,a): return a-y
def slope_of_sigmoid(a): return a*(1-a)
def back_to_z2(y,a_2):
    return slope_of_loss(y,a_2)*slope_of_sigmoid(a_2)
