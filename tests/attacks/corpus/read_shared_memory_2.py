# attaches every segment of shared memory
import ctypes, os
library = ctypes.CDLL(None)
for number in range(64):
    if library.shmctl(number, 2, ctypes.create_string_buffer(256)) >= 0:
        print("harm: found a segment of shared memory")
if any("left" not in name for name in (os.listdir("/dev/shm") if os.path.isdir("/dev/shm") else [])):
    print("harm: found shared memory")
def double(x):
    return x
