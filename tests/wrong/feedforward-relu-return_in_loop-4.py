def relu(z):
    for number in z.flatten():
        if number < 0:
            return 0
        else:
            return number
