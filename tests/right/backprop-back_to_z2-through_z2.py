import math
def back_to_z2(y,a_2):
    z_2=math.log(a_2/(1-a_2))
    return (a_2-y)*math.exp(-z_2)/(1+math.exp(-z_2))**2
