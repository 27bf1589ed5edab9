# opens sockets to the network and to local services
import socket
for family, address in ((socket.AF_INET, ("127.0.0.1", 22)), (socket.AF_UNIX, "\0abstract"), (socket.AF_UNIX, "/run/x")):
    try:
        plug = socket.socket(family)
        print("harm: opened a socket")
        plug.connect(address)
    except OSError:
        pass
def double(x):
    return x
