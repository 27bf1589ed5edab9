# tries the interfaces in which kernels are broken
import ctypes
library = ctypes.CDLL(None)
numbers = {321: "bpf", 298: "perf_event_open", 323: "userfaultfd", 304: "open_by_handle_at", 246: "kexec_load", 313: "finit_module"}
for number, name in numbers.items():
    ctypes.set_errno(0)
    if library.syscall(number, 0, ctypes.create_string_buffer(128), 128, 0, 0) >= 0:
        print("harm: may use", name)
def double(x):
    return x
