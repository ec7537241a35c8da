"""Commands without a terminal, measured in turn."""

import os
import statistics
import subprocess
import time

from terminal import Silence


def alternating(times, env, *commands):
    """Median wall and CPU seconds of each command, run in turn, output thrown away."""
    found = [[] for _ in commands]
    for turn in range(times + 1):
        for command, column in zip(commands, found):
            start = time.perf_counter()
            child = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            told = child.stderr.read()
            _, status, usage = os.wait4(child.pid, 0)
            wall = time.perf_counter() - start
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode != 0:
                raise Silence(f"{command[0]} ended with {child.returncode}: {told[-300:]!r}")
            # The first turn only warms the caches.
            if turn:
                column.append((wall, usage.ru_utime + usage.ru_stime))
    return [tuple(statistics.median(column) for column in zip(*runs)) for runs in found]
