# makes, renames and opens device files
import os, stat
attempts = (
    lambda: os.mknod("left_behind", stat.S_IFCHR | 0o666, os.makedev(1, 1)),
    lambda: os.mknod("/dev/left_behind", stat.S_IFBLK | 0o666, os.makedev(8, 0)),
    lambda: os.rename("/dev/null", "/dev/left_behind"),
    lambda: os.unlink("/dev/null"),
    lambda: os.open("/dev/mem", os.O_RDWR),
    lambda: os.open("/dev/kmsg", os.O_RDWR),
    lambda: os.open("/dev/tty", os.O_RDWR),
    lambda: os.open("/dev/fuse", os.O_RDWR),
    lambda: os.open("/dev/kvm", os.O_RDWR),
)
for attempt in attempts:
    try:
        attempt()
        print("harm: reached a device")
    except OSError:
        pass
def double(x):
    return x
