# asks the kernel about the network by netlink and raw sockets
import socket
for family, kind, protocol in ((16, 3, 0), (17, 3, 3), (2, 3, 1), (40, 1, 0), (38, 5, 0)):
    try:
        socket.socket(family, kind, protocol)
        print("harm: opened a socket of family", family)
    except OSError:
        pass
def double(x):
    return x
