"""What the measurements were made on, without saying whose machine it is."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = (
    *("nbgrader", "nbclient", "nbconvert", "ipykernel", "ipython"),
    *("numpy", "scipy", "matplotlib", "sqlalchemy", "msgspec"),
)


def describe() -> dict[str, str]:
    """Cores, memory, kernel, Python and the packages that matter, each as a short text."""
    found = {
        "processor": _field("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{int(_field('/proc/meminfo', 'MemTotal').split()[0]) / 2**20:.0f} GB",
        "kernel": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
    }
    return found | {package: _version(package) for package in _PACKAGES}


def _field(path: str, name: str) -> str:
    lines = Path(path).read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(name)), "")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
