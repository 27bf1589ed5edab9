"""A warm interpreter: imports the heavy libraries once, then forks one student process for each request.

Run as `python -m autograder.sandbox.worker DESCRIPTOR`, where the descriptor is a socket on which each message brings
the folder to work in and one end of the wire.
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

from autograder.sandbox.worker.serve import Server, detach_standard_streams
from autograder.sandbox.worker.shell import Shell, make_shell
from autograder.wire import messages
from autograder.wire.channel import Channel, Gone


def main() -> None:
    """Fork a student process for each message until the other side hangs up."""
    control = socket.socket(fileno=int(sys.argv[1]))
    shell = make_shell()
    _warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    while True:
        folder, descriptors, _, _ = socket.recv_fds(control, 4096, 1)
        if not folder:
            return
        process = os.fork()
        if process == 0:
            control.close()
            _become_student(socket.socket(fileno=descriptors[0]), folder.decode(), shell)
        os.close(descriptors[0])
        control.send(str(process).encode())


def _warm_up() -> None:
    """Do once, before any fork, what each library does on its first use."""
    figure = plt.figure()
    figure.text(0.5, 0.5, "$x_1$")
    figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
    plt.close(figure)
    scipy.special.softmax(np.zeros(2))


def _become_student(connection: socket.socket, folder: str, shell: Shell) -> None:
    os.setsid()
    os.chdir(folder)
    detach_standard_streams()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    np.random.seed(int.from_bytes(os.urandom(4), "little"))
    channel: Channel[messages.ToStudent] = Channel(connection, messages.ToStudent)
    try:
        Server(channel, shell).serve()
    except Gone:
        os._exit(0)
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
