# writes a file that never ends
def double(x):
    with open("big", "wb") as file:
        while True:
            file.write(bytes(10**7))
