# listens on an abstract socket for a helper outside
import socket
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
    try:
        plug = socket.socket(socket.AF_UNIX, kind)
        plug.bind("\0left_behind")
        print("harm: listens on an abstract socket")
    except OSError:
        pass
def double(x):
    return x
