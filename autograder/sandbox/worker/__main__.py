"""A warm interpreter: imports the heavy libraries once, then forks one student process for each request.

Run as `python -m autograder.sandbox.worker DESCRIPTOR`, where the descriptor is a socket on which each message brings
the level of confinement, the folder of the submission and one end of the wire.
"""

from __future__ import annotations

import gc
import io
import os
import signal
import socket
import sys

import matplotlib.pyplot as plt
import numpy as np
import scipy.special

from autograder.sandbox.worker.limits import limit
from autograder.sandbox.worker.serve import Server, detach_standard_streams
from autograder.sandbox.worker.shell import Shell, make_shell
from autograder.wire import messages
from autograder.wire.channel import Channel, Gone

try:
    from autograder.sandbox.worker import confine, kernel
except (ImportError, OSError, RuntimeError):  # no Linux, or no libseccomp: the canary will find out
    CONFINES = False
else:
    CONFINES = True


def main() -> None:
    """Fork a student process for each message until the other side hangs up."""
    control = socket.socket(fileno=int(sys.argv[1]))
    shell = make_shell()
    rules = confine.system_call_filter() if CONFINES else None
    _warm_up()
    if CONFINES:
        kernel.adopt_orphans()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, 4096, 1)
        if not request:
            return
        process = os.fork()
        if process == 0:
            control.close()
            try:
                level, folder = request.decode().split(" ", 1)
                os.setsid()
                detach_standard_streams()
                if level == "namespaces":
                    confine.enter_namespaces(folder, rules)
                else:
                    limit()
                    os.chdir(folder)
                _serve(socket.socket(fileno=descriptors[0]), shell)
            finally:
                os._exit(1)
        os.close(descriptors[0])
        control.send(str(process).encode())


def _warm_up() -> None:
    """Do once, before any fork, what each library does on its first use."""
    figure = plt.figure()
    figure.text(0.5, 0.5, "$x_1$")
    figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
    plt.close(figure)
    scipy.special.softmax(np.zeros(2))


def _serve(connection: socket.socket, shell: Shell) -> None:
    np.random.seed(int.from_bytes(os.urandom(4), "little"))
    channel: Channel[messages.ToStudent] = Channel(connection, messages.ToStudent)
    try:
        Server(channel, shell).serve()
    except Gone:
        os._exit(0)


if __name__ == "__main__":
    main()
