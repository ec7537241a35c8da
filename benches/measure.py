"""Measures Copydesk and its references in turn and prints one table.

A reference is measured in the same minute on the same machine, so that a noisy or slow machine
cancels out. Each part is one function that returns rows; what fails becomes a row that says so.
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import cancel
import find
import form
import large
import library
import scenario
from commands import alternating
from server import Server
from table import ROWS, ms, percentile, row, table
from terminal import Silence, Terminal

class Bench:
    def __init__(self, options):
        self.binary = os.path.abspath(options.bin)
        self.profile = options.profile
        self.quick = options.quick
        self.per_chunk = options.events_per_chunk

    def times(self, count):
        return max(2, count // 5) if self.quick else count

    # Programs in a terminal, started up to their first full frame.

    def studio(self, home, port=None, scheme="http", size=scenario.SIZE):
        env = scenario.environment(home, port, scheme)
        terminal = Terminal([self.binary], env, size, home)
        return terminal, lambda: terminal.wait_for(scenario.FIRST_FRAME, scenario.FRAME_END)

    def vim(self, home):
        file = os.path.join(home, "text.md")
        with open(file, "w") as out:
            out.write(scenario.VIM_FILE)
        command = [file if part == "FILE" else part for part in scenario.VIM]
        terminal = Terminal(command, scenario.environment(home), scenario.SIZE, home)
        return terminal, lambda: terminal.wait_for(scenario.VIM_FIRST_FRAME)

    def started(self, make):
        """Seconds from exec to the first full frame, and CPU seconds up to there."""
        with tempfile.TemporaryDirectory() as home:
            terminal, first_frame = make(home)
            with terminal:
                shown = first_frame() - terminal.start
                return shown, terminal.cpu()

    # The parts.

    def start(self):
        app, vim = [], []
        for _ in range(self.times(25)):
            app.append(self.started(self.studio))
            vim.append(self.started(self.vim))
        wall, cpu = (statistics.median(column) for column in zip(*app))
        vim_wall, vim_cpu = (statistics.median(column) for column in zip(*vim))
        row("exec to first full frame, 120×40", ms(wall), f"vim {ms(vim_wall)}",
            "≤ 1.5× vim", wall <= 1.5 * vim_wall)
        row("CPU up to the first frame", ms(cpu), f"vim {ms(vim_cpu)}", "≤ 8 ms", cpu <= 0.008)

    def idle(self):
        seconds = 2 if self.quick else 10
        found = {}
        for name, make in (("app", self.studio), ("vim", self.vim)):
            with tempfile.TemporaryDirectory() as home:
                terminal, first_frame = make(home)
                with terminal:
                    first_frame()
                    terminal.settle(quiet=2)
                    before = terminal.wakeups(), terminal.cpu(), time.monotonic()
                    terminal.settle(quiet=seconds, limit=seconds)
                    drawn = len(terminal.written(before[2]))
                    found[name] = (terminal.wakeups() - before[0], terminal.cpu() - before[1],
                                   drawn, terminal.status("VmRSS") / 1024)
        wakes, cpu, drawn, resident = found["app"]
        vim_wakes, vim_cpu, _, vim_resident = found["vim"]
        row(f"idle {seconds} s: wake-ups", f"{wakes}", f"vim {vim_wakes}",
            "≤ 0.2 /s", wakes <= 0.2 * seconds)
        row(f"idle {seconds} s: CPU", ms(cpu), f"vim {ms(vim_cpu)}", "0 %", cpu < 0.001 * seconds)
        row(f"idle {seconds} s: bytes drawn", f"{drawn}", "", "0", drawn == 0)
        row("idle: resident", f"{resident:.1f} MB", f"vim {vim_resident:.1f} MB",
            "≤ 14 MB", resident <= 14)

    def keys(self):
        count = self.times(300)
        app = self.typed(self.studio, scenario.FOCUS_EDITOR, scenario.FRAME_END, count)
        vim = self.typed(self.vim, scenario.VIM_INSERT, None, count)
        for share, name in ((0.5, "p50"), (0.99, "p99")):
            ours, theirs = percentile(app[0], share), percentile(vim[0], share)
            row(f"key to changed screen, {name}", ms(ours), f"vim {ms(theirs)}",
                "≤ 2× vim", ours <= 2 * theirs)
        row("CPU per key", ms(app[1]), f"vim {ms(vim[1])}", "≤ 0.4 ms", app[1] <= 0.0004)

    def typed(self, make, ready, frame_end, count):
        """Delay of each key until its frame had been written, and CPU seconds per key."""
        text = ("the terminal never went away " * (count // 25 + 1))[:count]
        with tempfile.TemporaryDirectory() as home:
            terminal, first_frame = make(home)
            with terminal:
                first_frame()
                terminal.settle()
                terminal.send(ready)
                terminal.settle()
                before, delays = terminal.cpu(), []
                for letter in text.encode():
                    sent = terminal.send(bytes([letter]))
                    if frame_end:
                        shown = terminal.wait_for(frame_end)
                    else:
                        got = terminal.read(5)
                        if got is None:
                            raise Silence("a key changed nothing in 5 s")
                        shown = got[0]
                    delays.append(shown - sent)
                    terminal.settle(quiet=0.01)
                return delays, (terminal.cpu() - before) / count

    def journal(self):
        """Typing with a journal that has been used, beside one that cannot be opened."""
        count, kept, lost = self.times(300), [], []
        for _ in range(5):
            lost.append(self.typed(self.without_journal, scenario.FOCUS_EDITOR,
                                   scenario.FRAME_END, count)[0])
            kept.append(self.typed(self.with_journal, scenario.FOCUS_EDITOR, scenario.FRAME_END,
                                   count)[0])
        # Of each round, and the round in the middle: one stall of the machine decides nothing.
        for share, name in ((0.5, "p50"), (0.99, "p99")):
            ours, theirs = (statistics.median(percentile(keys, share) for keys in rounds)
                            for rounds in (kept, lost))
            row(f"key to changed screen with a journal, {name}", ms(ours), f"without {ms(theirs)}",
                "≤ 1.2× without", ours <= 1.2 * theirs)

    def with_journal(self, home):
        terminal, first_frame = self.studio(home)
        with terminal:
            first_frame()
            for keys in scenario.WARM_JOURNAL:
                terminal.settle()
                terminal.send(keys)
            terminal.settle()
        return self.studio(home)

    def without_journal(self, home):
        os.makedirs(os.path.join(home, *scenario.JOURNAL_LOCK))
        return self.studio(home)

    def paste(self):
        """A paste into the draft, until its end is on the screen: marked, and as a bare burst."""
        for name, marks in (("marked", scenario.PASTE_MARKS), ("a burst without marks", (b"", b""))):
            runs = [self.pasted(marks) for _ in range(self.times(5))]
            shown = statistics.median(run[0] for run in runs)
            row(f"10 MiB pasted, {name}: on screen after", ms(shown), "", "≤ 2 s", shown <= 2)
            cpu, peak = (statistics.median(run[part] for run in runs) for part in (1, 2))
            row(f"10 MiB pasted, {name}: CPU, peak resident", f"{ms(cpu)}, {peak:.0f} MB")

    def pasted(self, marks):
        """Seconds until a paste is on the screen, CPU seconds for it, and peak memory in MB."""
        line = scenario.PASTE_LINE.encode()
        text = line * (scenario.PASTE_BYTES // len(line)) + scenario.LAST_GLYPH.encode()
        with tempfile.TemporaryDirectory() as home:
            terminal, first_frame = self.studio(home)
            with terminal:
                first_frame()
                terminal.settle()
                terminal.send(scenario.FOCUS_EDITOR)
                terminal.settle()
                before = terminal.cpu()
                start = terminal.pour(marks[0] + text + marks[1])
                shown = terminal.wait_for(scenario.LAST_GLYPH.encode(), scenario.FRAME_END,
                                          since=start)
                return shown - start, terminal.cpu() - before, terminal.status("VmHWM") / 1024

    def answered(self, terminal, keys, frame_end):
        """Delay of each key until the screen changed; a key that changes nothing has none."""
        delays = []
        for number in range(self.times(100)):
            sent = terminal.send(keys[number % len(keys)])
            if frame_end:
                delays.append(terminal.wait_for(frame_end) - sent)
            else:
                got = terminal.read(0.5)
                delays.append((got[0] if got else sent) - sent)
            terminal.settle(quiet=0.01)
        return delays

    def generating(self, terminal, first_frame):
        """Operates the studio up to the key that starts the stream; returns when it was sent."""
        first_frame()
        for keys in scenario.GENERATE[:-1]:
            terminal.settle()
            terminal.send(keys)
        terminal.settle()
        return terminal.cpu(), terminal.send(scenario.GENERATE[-1])

    def streamed(self, count):
        """One stream at full speed: a dict of what it cost."""
        with Server(count, per_chunk=self.per_chunk) as server, \
                tempfile.TemporaryDirectory() as home:
            terminal, first_frame = self.studio(home, server.port)
            with terminal:
                before, start = self.generating(terminal, first_frame)
                shown = terminal.wait_for(scenario.LAST_GLYPH.encode(), scenario.FRAME_END,
                                          timeout=120, since=start)
                sent = server.finished()
                terminal.settle(quiet=0.5)
                written = terminal.written(start)
                seconds = shown - start
                drawn = written.count(scenario.FRAME_START)
                return {"cpu": (terminal.cpu() - before) / count, "wall": seconds,
                        "late": shown - sent, "frames": drawn, "bytes": len(written) / count,
                        "total": terminal.cpu() - before, "peak": terminal.status("VmHWM") / 1024}

    def stream(self):
        small = self.median_stream(20_000, self.times(5))
        row("20,000 tokens: CPU per token", f"{small['cpu'] * 1e6:.2f} µs", "aichat 40 µs",
            "≤ 3 µs", small["cpu"] <= 3e-6)
        row("20,000 tokens: wall", ms(small["wall"]))
        # The key that starts it and the end of the answer are drawn at once.
        most = 35 * small["wall"] + 2
        row("20,000 tokens: frames", f"{small['frames']:.0f}", "", f"≤ 35 /s + 2 = {most:.0f}",
            small["frames"] <= most)
        row("20,000 tokens: bytes to the terminal", f"{small['bytes']:.2f} /token", "",
            "≤ 2 /token", small["bytes"] <= 2)
        row("20,000 tokens: end visible after the last byte", ms(small["late"]), "",
            "≤ 120 ms", small["late"] <= 0.12)
        large = self.median_stream(200_000, 1 if self.quick else 3)
        row("200,000 tokens: CPU", f"{large['total']:.2f} s", "aichat 4.5 s", "≤ 0.6 s",
            large["total"] <= 0.6)
        drift = large["cpu"] / small["cpu"] - 1
        row("200,000 tokens: CPU per token", f"{large['cpu'] * 1e6:.2f} µs ({drift:+.0%})", "",
            "within 20 %", drift <= 0.2)
        row("200,000 tokens: peak resident", f"{large['peak']:.1f} MB", "", "≤ 40 MB",
            large["peak"] <= 40)
        self.typing_while_streaming()

    def median_stream(self, count, times):
        runs = [self.streamed(count) for _ in range(times)]
        return {key: statistics.median(run[key] for run in runs) for key in runs[0]}

    def typing_while_streaming(self):
        """Types into the editor while 5,000 tokens a second arrive, then at full speed."""
        paced = self.strangers_typed(20_000, 5_000)
        worst = percentile(paced[0], 0.99)
        row(f"typing at 5,000 tokens/s, p50 / p99 of {len(paced[0])}",
            f"{ms(percentile(paced[0], 0.5))} / {ms(worst)}", "codex 10 ms", "p99 ≤ 5 ms",
            worst <= 0.005)
        row("frames at 5,000 tokens/s, typing aside", f"{paced[1]:.1f} /s", "", "≤ 35 /s",
            paced[1] <= 35)
        # A fast stream is over within a few keys, so there are many of them.
        runs = [self.strangers_typed(200_000, None)[0] for _ in range(self.times(20))]
        full = [delay for delays in runs for delay in delays]
        worst = percentile(full, 0.99)
        row(f"typing at full speed, p50 / p99 of {len(full)}",
            f"{ms(percentile(full, 0.5))} / {ms(worst)}", "codex 10 ms", "p99 ≤ 5 ms",
            worst <= 0.005)

    def four(self):
        """Types while four variants arrive at full speed: one of them shown, then two columns."""
        for size, columns, what in ((scenario.SIZE, b"", "one shown"),
                                    (scenario.WIDE, scenario.FOUR_COLUMNS, "two columns shown")):
            runs = [self.strangers_typed(200_000, None, (4, size, columns))[0]
                    for _ in range(self.times(10))]
            delays = [delay for run in runs for delay in run]
            worst = percentile(delays, 0.99)
            row(f"typing while four variants stream, {what}, p50 / p99 of {len(delays)}",
                f"{ms(percentile(delays, 0.5))} / {ms(worst)}", "", "p99 ≤ 6 ms", worst <= 0.006)

    def strangers_typed(self, count, pace, several=(1, scenario.SIZE, b"")):
        """Delays of keys that show themselves among the stream's frames, and frames a second."""
        streams, size, columns = several
        with Server(count, pace, self.per_chunk) as server, \
                tempfile.TemporaryDirectory() as home:
            if streams > 1:
                folder = os.path.join(home, "data", "templates")
                os.makedirs(folder)
                with open(os.path.join(folder, "four.md"), "w") as out:
                    out.write(scenario.FOUR_TEMPLATE)
            terminal, first_frame = self.studio(home, server.port, size=size)
            with terminal:
                _, start = self.generating(terminal, first_frame)
                terminal.send(columns + scenario.FOCUS_EDITOR)
                terminal.settle(quiet=0.1, limit=0.1)
                delays, over, ended = [], False, 0
                while not over:
                    letter = scenario.STRANGERS[len(delays) % len(scenario.STRANGERS)].encode()
                    sent = terminal.send(letter)
                    delays.append(terminal.wait_for(letter, scenario.FRAME_END) - sent)
                    pause = time.monotonic() + 0.015
                    while time.monotonic() < pause and not over:
                        terminal.read(pause - time.monotonic())
                    while server.reports.poll(0):
                        server.reports.recv()
                        ended += 1
                    over = ended >= streams
                    if time.monotonic() - start > 60:
                        raise Silence(f"the stream did not run; on screen: {terminal.tail()}")
                seconds = time.monotonic() - start
                drawn = terminal.written(start).count(scenario.FRAME_START)
                return delays, (drawn - len(delays)) / seconds

    def run(self):
        for count, times, reach in ((20, 20, 1.0), (20_000, 10, 1.5)):
            with Server(count, per_chunk=self.per_chunk) as server, \
                    tempfile.TemporaryDirectory() as home:
                env = scenario.environment(home, server.port)
                ours, theirs = alternating(self.times(times), env,
                                           scenario.run_command(self.binary),
                                           scenario.curl_command(server.port))
                row(f"copydesk run, {count:,} tokens: wall", ms(ours[0]), f"curl {ms(theirs[0])}",
                    f"≤ {reach}× curl", ours[0] <= reach * theirs[0])
                row(f"copydesk run, {count:,} tokens: CPU", ms(ours[1]), f"curl {ms(theirs[1])}")

    def cancel(self):
        """From `esc` or Ctrl-C to the end of the connection, as the server sees it; between two
        tries, when there is none, to the end of the run."""
        for state in cancel.STATES:
            for name, act in (("studio, esc", self.escaped), ("run, ctrl+c", self.interrupted)):
                delays = [act(state) for _ in range(2 if cancel.STATES[state][1] else self.times(10))]
                worst = max(delays)
                row(f"cancel while {state}, {name}: median / worst of {len(delays)}",
                    f"{ms(statistics.median(delays))} / {ms(worst)}", "", "≤ 100 ms",
                    worst <= 0.1)

    def escaped(self, state):
        with cancel.Holder(state) as holder, tempfile.TemporaryDirectory() as home:
            terminal, first_frame = self.studio(home, holder.port, holder.scheme)
            with terminal:
                self.generating(terminal, first_frame)
                holder.reached()
                terminal.settle(quiet=0.05, limit=12)
                sent = terminal.send(b"\x1b")
                if state in cancel.BETWEEN:
                    return terminal.wait_for(b"stopped", since=sent) - sent
                return holder.closed(lambda: terminal.read(0)) - sent

    def interrupted(self, state):
        with cancel.Holder(state) as holder, tempfile.TemporaryDirectory() as home:
            env = scenario.environment(home, holder.port, holder.scheme)
            child = subprocess.Popen(scenario.run_command(self.binary), env=env,
                                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL)
            try:
                holder.reached()
                time.sleep(0.05)
                sent = time.monotonic()
                child.send_signal(signal.SIGINT)
                return holder.closed(lambda: None) - sent
            finally:
                child.kill()
                child.wait()

    def list(self):
        with tempfile.TemporaryDirectory() as home:
            folder = os.path.join(home, "library", "templates")
            os.makedirs(folder)
            for number in range(10_000):
                with open(os.path.join(folder, f"template-{number:05}.md"), "w") as out:
                    out.write(scenario.template(number))
            env = scenario.environment(home)
            env["COPYDESK_LIBRARY"] = os.path.join(home, "library")
            command = [self.binary, "template", "list"]
            shown = subprocess.run(command, env=env, capture_output=True, check=True)
            lines = shown.stdout.count(b"\n")
            if lines < 10_000:
                raise Silence(f"`template list` shows {lines} lines of 10,000 templates")
            ours, theirs = alternating(self.times(15), env, command, ["ls", folder])
            row("list 10,000 templates: wall", ms(ours[0]), f"ls {ms(theirs[0])}",
                "≤ 4× ls", ours[0] <= 4 * theirs[0])
            row("list 10,000 templates: CPU", ms(ours[1]), f"ls {ms(theirs[1])}")

    def size(self):
        size = os.path.getsize(self.binary) / 1e6
        promised = self.profile == "dist"
        row(f"binary, `{self.profile}` profile", f"{size:.1f} MB", "",
            "≤ 16 MB" if promised else "", size <= 16 if promised else None)


PARTS = ("start", "idle", "keys", "journal", "paste", "large", "stream", "four", "run", "cancel",
         "list", "library", "find", "form", "size")
# Parts in files of their own.
FILES = {"large": large, "library": library, "find": find, "form": form}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, help="the binary to measure")
    parser.add_argument("--profile", default="release", help="the profile it was built with")
    parser.add_argument("--only", action="append", choices=PARTS, help="one part; may be repeated")
    parser.add_argument("--quick", action="store_true", help="a fifth of the repetitions")
    parser.add_argument("--events-per-chunk", type=int, default=1,
                        help="events in one HTTP chunk of the stream (default 1)")
    options = parser.parse_args()
    bench = Bench(options)
    for part in options.only or PARTS:
        try:
            if part in FILES:
                FILES[part].measure(bench)
            else:
                getattr(bench, part)()
        except (Silence, OSError, subprocess.SubprocessError) as why:
            row(part, f"failed: {why}", good=False)
    print(table())
    sys.exit(1 if any(verdict == "MISS" for *_, verdict in ROWS) else 0)


if __name__ == "__main__":
    main()
