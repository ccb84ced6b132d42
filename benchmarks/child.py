"""Runs one command as a child process and writes what it cost: ``python child.py RESULT COMMAND ...``.

A process of its own, which imports next to nothing: on Linux a process starts out with the peak memory
of the one it was forked from, so a child of a big Python would seem at least as big.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path


def main(result: Path, command: list[str]) -> None:
    """Run the command; write its exit code, seconds of CPU and wall, and peak memory in MB.

    What its own children used, and it has waited for, is counted in.
    """
    began = time.perf_counter()
    process = subprocess.Popen(command)  # noqa: S603  # the benchmarks' own commands, no shell
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    unit = 1 if sys.platform == "darwin" else 1024  # macOS tells bytes, the others KiB
    found = {
        "code": os.waitstatus_to_exitcode(status),
        "cpu": used.ru_utime + used.ru_stime,
        "wall": wall,
        "peak_mb": used.ru_maxrss * unit / 2**20,
    }
    result.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
