# never finishes its own cell
while True:
    pass
def double(x):
    return x
