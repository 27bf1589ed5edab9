# gives an end of a socketpair an address for others, or sends to one
import socket
def double(x):
    return x
for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM, socket.SOCK_SEQPACKET):
    one, other = socket.socketpair(socket.AF_UNIX, kind)
    for name, attempt in {
        "bound": lambda: one.bind("\0meeting"), "bound by itself": lambda: one.bind(""), "listened": lambda: one.listen(),
        "connected": lambda: one.connect("\0meeting"), "sent": lambda: one.sendto(b"x", "\0meeting"),
        "sent a message": lambda: one.sendmsg([b"x"], [], 0, "\0meeting"),
    }.items():
        try:
            attempt()
            print("harm:", name, "a socket")
        except OSError as error:
            if error.errno == 111:
                print("harm:", name, "a socket to nobody")
