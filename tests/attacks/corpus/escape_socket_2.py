import socket
for family, address in ((socket.AF_INET, ("127.0.0.1", 22)), (socket.AF_UNIX, "\0abstract"), (socket.AF_UNIX, "/run/x")):
    try:
        socket.socket(family).connect(address)
        print("connected")
    except OSError:
        pass
def double(x):
    return x
