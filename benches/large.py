"""Large drafts, beside vim with the same text."""

import os
import statistics
import tempfile

import scenario
from table import ms, percentile, row
from terminal import Terminal


def measure(bench):
    """Large drafts: opening, typing, paging, finding and pasting, beside vim with the same."""
    for name, text in scenario.LARGE_TEXTS.items():
        ours, theirs = worked_on(bench, text), worked_on_in_vim(bench, text)
        small = len(text) < 5e6
        reach, good = ("≤ 2× vim", ours["open"] <= 2 * theirs["open"]) if small else (
            "≤ 150 ms", ours["open"] <= 0.15)
        by_name = statistics.median(named(bench, text) for _ in range(bench.times(5)))
        row(f"{name}: `copydesk edit FILE`, exec to text", ms(by_name),
            f"vim {ms(theirs['open'])}",
            "≤ 2× vim" if small else "≤ 150 ms",
            by_name <= (2 * theirs["open"] if small else 0.15))
        row(f"{name}: open", ms(ours["open"]), f"vim, with its start {ms(theirs['open'])}",
            reach, good)
        for what in ("key", "page"):
            half, worst = (percentile(ours[what], share) for share in (0.5, 0.99))
            half_vim, worst_vim = (percentile(theirs[what], share) for share in (0.5, 0.99))
            reach, good = ("p50 ≤ 2× vim", half <= 2 * half_vim) if small else (
                "p99 ≤ 8 ms", worst <= 0.008)
            reference = f"vim {ms(half_vim)} / {ms(worst_vim)}"
            if what == "page" and "\n" not in text:
                reference, reach, good = "vim has no page within a line", "", None
            elif what == "page" and not small:
                reach, good = "", None
            row(f"{name}: {scenario.LARGE_WORDS[what]}, p50 / p99",
                f"{ms(half)} / {ms(worst)}", reference, reach, good)
        row(f"{name}: find, first letter to marked places", ms(ours["find"]), "",
            "" if small else "≤ 30 ms", None if small else ours["find"] <= 0.03)
        if small:
            row(f"{name}: paste of 1 MB", ms(ours["paste"]), "", "≤ 20 ms",
                ours["paste"] <= 0.02)
        most = 3 * len(text) / 1e6 + 20
        row(f"{name}: resident after typing", f"{ours['resident']:.1f} MB", "",
            f"≤ {most:.0f} MB", ours["resident"] <= most)


def worked_on(bench, text):
    """What it takes to work on a draft with this text: seconds, and megabytes."""
    found = {}
    with tempfile.TemporaryDirectory() as home:
        drafts = os.path.join(home, "library", "drafts")
        os.makedirs(drafts)
        with open(os.path.join(drafts, "2026-01-01-large.md"), "w") as out:
            out.write(scenario.LARGE_HEAD + text)
        env = scenario.environment(home)
        env["COPYDESK_LIBRARY"] = os.path.join(home, "library")
        terminal = Terminal([bench.binary], env, scenario.SIZE, home)
        with terminal:
            terminal.wait_for(scenario.FIRST_FRAME, scenario.FRAME_END)
            for keys in (scenario.TO_DRAFTS,):
                terminal.settle()
                terminal.send(keys)
            terminal.settle()
            sent = terminal.send(b"\r")
            mark = scenario.LARGE_MARK.encode()
            shown = terminal.wait_for(mark, scenario.FRAME_END, since=sent)
            found["open"] = shown - sent
            terminal.settle(quiet=0.5)
            found["page"] = bench.answered(terminal, [b"\x1b[6~"], scenario.FRAME_END)
            found["key"] = bench.answered(terminal, [b"a", b"b", b" "], scenario.FRAME_END)
            found["resident"] = terminal.status("VmRSS") / 1024
            terminal.send(b"\x06")
            terminal.settle()
            sent = terminal.send(b"q")
            found["find"] = terminal.wait_for(scenario.FRAME_END) - sent
            terminal.settle()
            terminal.send(b"\x1b")
            terminal.settle()
            line = scenario.PASTE_LINE.encode()
            pasted = line * (1_000_000 // len(line)) + scenario.LAST_GLYPH.encode()
            terminal.pour(scenario.PASTE_MARKS[0] + pasted)
            sent = terminal.send(scenario.PASTE_MARKS[1])
            shown = terminal.wait_for(scenario.LAST_GLYPH.encode(), scenario.FRAME_END)
            found["paste"] = shown - sent
    return found


def named(bench, text):
    """Seconds from exec to the first screen of a file that the studio is started with."""
    with tempfile.TemporaryDirectory() as home:
        file = os.path.join(home, "text.md")
        with open(file, "w") as out:
            out.write(f"{scenario.LARGE_MARK} {text}")
        command = [bench.binary, "edit", file]
        terminal = Terminal(command, scenario.environment(home), scenario.SIZE, home)
        with terminal:
            shown = terminal.wait_for(scenario.LARGE_MARK.encode(), scenario.FRAME_END)
            return shown - terminal.start


def worked_on_in_vim(bench, text):
    with tempfile.TemporaryDirectory() as home:
        file = os.path.join(home, "text.md")
        with open(file, "w") as out:
            out.write(f"{scenario.LARGE_MARK} {text}")
        command = [file if part == "FILE" else part for part in scenario.VIM]
        terminal = Terminal(command, scenario.environment(home), scenario.SIZE, home)
        with terminal:
            found = {"open": terminal.wait_for(scenario.LARGE_MARK.encode()) - terminal.start}
            terminal.settle(quiet=0.3)
            found["page"] = bench.answered(terminal, [b"\x06"], None)
            terminal.send(b"0i")
            terminal.settle(quiet=0.3)
            found["key"] = bench.answered(terminal, [b"a", b"b", b" "], None)
    return found
