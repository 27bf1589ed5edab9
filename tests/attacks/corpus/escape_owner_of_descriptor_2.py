# makes the grader the owner of its descriptors, so that the kernel signals it
import fcntl, socket, struct
def double(x):
    return x
one, other = socket.socketpair()
for request in (0x8901, 0x8902):
    try:
        fcntl.ioctl(one, request, struct.pack("i", 1))
        print("harm: became another's signal")
    except OSError:
        pass
