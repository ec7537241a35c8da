"""A program in a pseudo-terminal, with clocks: when it was executed, what it wrote and when,
and what it costs. It interprets nothing on the screen beyond byte marks.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time


class Silence(Exception):
    """The program did not show what was waited for."""


class Terminal:
    def __init__(self, command, env, size, cwd):
        master, slave = pty.openpty()
        cols, rows = size
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        clock_out, clock_in = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
                for descriptor in (0, 1, 2):
                    os.dup2(slave, descriptor)
                os.chdir(cwd)
                # What the fork of this measuring program cost is not the child's.
                os.write(clock_in, struct.pack("dd", time.monotonic(), time.process_time()))
                os.closerange(3, 256)
                os.execvpe(command[0], command, env)
            finally:
                os._exit(127)
        os.close(slave)
        os.close(clock_in)
        self.start, self.spent_before = struct.unpack("dd", os.read(clock_out, 16))
        os.close(clock_out)
        self.fd = master
        self.log = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(self.pid, 0)
        os.close(self.fd)

    def send(self, data):
        """Writes `data` as typed, and returns when."""
        now = time.monotonic()
        os.write(self.fd, data)
        return now

    def pour(self, data, timeout=60):
        """Writes more than a terminal holds, and reads meanwhile; returns when it began."""
        began, rest = time.monotonic(), memoryview(data)
        os.set_blocking(self.fd, False)
        try:
            while rest:
                left = began + timeout - time.monotonic()
                readable, writable, _ = select.select([self.fd], [self.fd], [], max(0, left))
                if readable:
                    self.read(0)
                if writable:
                    rest = rest[os.write(self.fd, rest[:1 << 16]):]
                if not (readable or writable):
                    raise Silence(f"{len(rest)} bytes were not read in {timeout} s")
        finally:
            os.set_blocking(self.fd, True)
        return began

    def read(self, timeout):
        """One read: its time and bytes, or None after `timeout` seconds of silence."""
        ready, _, _ = select.select([self.fd], [], [], max(0, timeout))
        if not ready:
            return None
        try:
            data = os.read(self.fd, 1 << 18)
        except OSError:
            raise Silence(f"the program has ended; it said: {self.tail()}") from None
        now = time.monotonic()
        self.log.append((now, data))
        if b"\x1b[6n" in data:
            os.write(self.fd, b"\x1b[1;1R")
        if b"\x1b[c" in data:
            os.write(self.fd, b"\x1b[?62;22c")
        return now, data

    def wait_for(self, mark, then=None, timeout=20, since=None):
        """The time at which `mark`, and after it `then`, had been written."""
        deadline = time.monotonic() + timeout
        seen = b"" if since is None else self.written(since)
        when = self.log[-1][0] if seen else 0.0
        while True:
            at = seen.find(mark)
            if at >= 0 and (then is None or seen.find(then, at) >= 0):
                return when
            # A mark may be split between reads; more of the past is not needed.
            seen = seen[at:] if at >= 0 else seen[-64:]
            got = self.read(deadline - time.monotonic())
            if got is None:
                raise Silence(f"no {mark!r} after {timeout} s; it said: {self.tail()}")
            when = got[0]
            seen += got[1]

    def settle(self, quiet=0.1, limit=5):
        """Reads until nothing came for `quiet` seconds."""
        deadline = time.monotonic() + limit
        while self.read(quiet) is not None and time.monotonic() < deadline:
            pass

    def written(self, since=0.0):
        return b"".join(data for when, data in self.log if when >= since)

    def tail(self):
        return self.written()[-300:].decode(errors="replace").encode("unicode_escape").decode()

    def cpu(self):
        """Seconds of CPU since the program was executed, all threads, to the nanosecond."""
        return time.clock_gettime((~self.pid << 3) | 2) - self.spent_before

    def status(self, field):
        """A number of /proc/PID/status, in its own unit (kB for memory)."""
        return int(_field(f"/proc/{self.pid}/status", field))

    def read_bytes(self):
        """Bytes that it read, from whatever that was."""
        return int(_field(f"/proc/{self.pid}/io", "rchar"))

    def wakeups(self):
        tasks = os.listdir(f"/proc/{self.pid}/task")
        paths = (f"/proc/{self.pid}/task/{task}/status" for task in tasks)
        return sum(int(_field(path, "voluntary_ctxt_switches")) for path in paths)


def _field(path, field):
    with open(path) as lines:
        for line in lines:
            if line.startswith(field + ":"):
                return line.split()[1]
    raise KeyError(field)
