"""What a fork server prepares, and what each student process makes of it before its first cell."""

from __future__ import annotations

import secrets
import sys
import sysconfig
import time
from pathlib import Path

from autograder.protocol import messages
from autograder.sandbox import ForkServer

TRAP = b"open('trapped', 'a').write(__name__ + '\\n')\nraise RuntimeError('a module that was handed in')\n"
CELLS = [
    "1 / 0",
    "def f(n):\n    return f(n - 1)\nf(1)",
    "import numpy as np\nnp.linalg.inv(np.zeros((2, 2)))",
    "import warnings\nwarnings.warn('text')",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])",
    "plt.figure().add_subplot(projection='3d')\nplt.show()",
    "display({'text/html': '<b>bold</b>'}, raw=True)",
    "%timeit -n 1 -r 1 1 + 1",
    "%%time\nsum(range(10))",
    "%debug",
    "%xmode Verbose",
    "[][1]",
    "sum?",
    "help(sum)",
    "import asyncio\nawait asyncio.sleep(0)",
    "%store",
    "%whos",
    "%cd /",
    "!ls",
    "%%bash\nls",
    "breakpoint()",
    "this is not Python",
]


def test_no_module_handed_in_takes_the_place_of_one_that_the_process_imports(fork_server: ForkServer) -> None:
    """Not one of the names of Python's library and of installed packages is imported from beside the notebook.

    The process shows errors, figures and help with what it imported itself.
    """
    installed = {path.name.split(".")[0] for path in Path(sysconfig.get_path("purelib")).iterdir()}
    names = sorted(name for name in installed | sys.stdlib_module_names if name.isidentifier())
    process = fork_server.start({f"{name}.py": TRAP for name in names}, figures=True)
    source = "import os\nassert len(os.listdir('/tmp/work' if os.path.isdir('/tmp/work') else '.')) > 300\n"
    outputs = []
    try:
        for cell in [source, *CELLS, "from pathlib import Path\nprint(Path.home().joinpath('trapped').exists())"]:
            deadline = time.monotonic() + 30
            process.channel.send(messages.RunCell(secrets.token_bytes(16), cell), deadline)
            reply = process.channel.receive(deadline)
            assert isinstance(reply, messages.CellDone)
            outputs = reply.outputs
            assert "a module that was handed in" not in str(outputs), cell
    finally:
        process.end()
    assert [output["text"] for output in outputs] == ["False\n"]
