# asks for system calls by a ring in memory
import ctypes
library = ctypes.CDLL(None)
if library.syscall(425, 4, ctypes.create_string_buffer(120)) >= 0:
    print("harm: has a ring for system calls")
def double(x):
    return x
