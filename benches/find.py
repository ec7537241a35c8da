"""A hundred thousand drafts: their list, and the words in them, beside `find` and `grep`."""

import os
import statistics
import subprocess
import tempfile
import time

import scenario
import texts
from library import started, studio
from table import ms, row
from terminal import Silence

FIRST, LAST = b"About", scenario.FRAME_END


def measure(bench):
    with tempfile.TemporaryDirectory() as home:
        library = os.path.join(home, "library")
        texts.drafts(library)
        cold = restarted(bench, home, library)
        # Whatever the kernel still has to write of the drafts does not belong to what follows.
        os.sync()
        lists(bench, home, library, cold)
        for word, what in ((texts.RARE, "in few drafts"), (texts.COMMON, "in every third draft")):
            searched(bench, (home, library), word, what)


def lists(bench, home, library, cold):
    """The first page, and what a start costs when no draft has changed."""
    drafts = os.path.join(library, "drafts")
    pages, wholes, empty, walks = [], [], [], []
    for _ in range(bench.times(15)):
        with tempfile.TemporaryDirectory() as other:
            empty.append(started(bench, other, os.path.join(other, "library"))[0])
        walks.append(walked(drafts))
        pages.append(first_page(bench, home, library))
        wholes.append(restarted(bench, home, library))
    page, early = (statistics.median(column) for column in zip(*pages))
    row("100,000 drafts: key to the first page of the list", ms(page), "", "≤ 30 ms", page <= 0.03)
    row("100,000 drafts: exec to the first page, asked for at once", ms(early))
    shown, theirs = statistics.median(one["first"] for one in wholes), statistics.median(empty)
    row("100,000 drafts: exec to first frame", ms(shown), f"empty library {ms(theirs)}",
        "≤ 1.5× empty", shown <= 1.5 * theirs)
    for what, name in (("cpu", "CPU"), ("wall", "wall")):
        ours = statistics.median(one[what] for one in wholes)
        walk = statistics.median(walk[what] for walk in walks)
        row(f"100,000 drafts: unchanged restart until all is known, {name}", ms(ours),
            f"find, with times and sizes {ms(walk)}; first start {ms(cold[what])}")
    read = statistics.median(one["read"] for one in wholes)
    size = sum(os.path.getsize(os.path.join(root, file))
               for root, _, files in os.walk(drafts) for file in files)
    kept = sum(entry.stat().st_size for entry in os.scandir(os.path.join(home, "cache")))
    row("100,000 drafts: read by an unchanged restart", f"{read / 1e6:.1f} MB",
        f"drafts {size / 1e6:.0f} MB, cache {kept / 1e6:.1f} MB", "≤ cache + 4 MB",
        read <= kept + 4e6)
    worst = max(one["worst"] for one in wholes)
    count = sum(one["keys"] for one in wholes)
    row(f"100,000 drafts: keys while all is read, worst of {count}", ms(worst), "", "≤ 16 ms",
        worst <= 0.016)


def walked(drafts):
    """What `find` takes to look at every file as the studio has to: its time and its size."""
    start, before = time.monotonic(), os.times()
    told = subprocess.run(["find", drafts, "-name", "*.md", "-printf", "%p %T@ %s\n"],
                          capture_output=True, check=True)
    after = os.times()
    if told.stdout.count(b"\n") != texts.DRAFTS:
        raise Silence("find does not find every draft")
    cpu = after.children_user + after.children_system
    return {"wall": time.monotonic() - start,
            "cpu": cpu - before.children_user - before.children_system}


def first_page(bench, home, library):
    """Seconds from the key that asks for drafts, pressed at the first frame, to their first page;
    and the same from exec."""
    with studio(bench, home, library) as terminal:
        terminal.wait_for(scenario.FRAME_END)
        sent = terminal.send(scenario.TO_DRAFTS)
        shown = terminal.wait_for(FIRST, LAST, since=sent)
        terminal.settle(quiet=1, limit=20)
        return shown - sent, shown - terminal.start


def restarted(bench, home, library):
    """A start up to the moment from which nothing is worked on any more, with keys meanwhile."""
    with studio(bench, home, library) as terminal:
        first = terminal.wait_for(scenario.FRAME_END)
        terminal.send(scenario.TO_DRAFTS)
        delays, rested, cpu = [], 0, terminal.cpu()
        ended, used = time.monotonic(), cpu
        while rested < 25:
            # Each draws: a help that comes and goes.
            delays.append(pressed(terminal, scenario.PROBES[len(delays) % len(scenario.PROBES)]))
            terminal.settle(quiet=0.02, limit=0.02)
            now, spent = time.monotonic(), terminal.cpu()
            # A thread that reads takes nearly all of these 20 ms, keys take hardly any.
            if spent - cpu > 0.008:
                rested, ended, used = 0, now, spent
            else:
                rested += 1
            cpu = spent
        return {"first": first - terminal.start, "wall": ended - terminal.start, "cpu": used,
                "read": terminal.read_bytes(), "worst": max(delays), "keys": len(delays)}


def pressed(terminal, key):
    """Delay of a key until a frame was drawn after it."""
    sent = terminal.send(key)
    return terminal.wait_for(scenario.FRAME_END) - sent


def searched(bench, where, word, what):
    """Looks for a word in all texts, as it is pasted into the list of documents."""
    home, library = where
    found, worst, theirs, count = [], 0, [], 0
    with studio(bench, home, library) as terminal:
        terminal.wait_for(scenario.FRAME_END)
        terminal.settle(quiet=1, limit=20)
        for _ in range(bench.times(10)):
            theirs.append(grepped(os.path.join(library, "drafts"), word))
            found.append(hits(terminal, word))
            delays = meanwhile(terminal, word)
            worst, count = max(worst, *delays), count + len(delays)
    first, whole = (statistics.median(column) for column in zip(*found))
    grep_first, grep = (statistics.median(column) for column in zip(*theirs))
    row(f"a word {what}: key to first hits", ms(first), f"grep -rF, first {ms(grep_first)}",
        "≤ 30 ms", first <= 0.03)
    row(f"a word {what}: key to all hits", ms(whole), f"grep -rF {ms(grep)}", "≤ grep",
        whole <= grep)
    row(f"a word {what}: keys while it is looked for, worst of {count}", ms(worst), "", "≤ 16 ms",
        worst <= 0.016)


def grepped(drafts, word):
    """Seconds until grep has said its first line, and all of them, through a pipe as any reader
    would: it stops at the first when it sees that nobody reads."""
    start = time.monotonic()
    with subprocess.Popen(["grep", "-rF", "--line-buffered", word, drafts],
                          stdout=subprocess.PIPE) as child:
        os.read(child.stdout.fileno(), 1)
        shown = time.monotonic() - start
        child.kill()
    start = time.monotonic()
    told = subprocess.run(["grep", "-rF", word, drafts], capture_output=True, check=True)
    whole = time.monotonic() - start
    lines = sum(texts.says(word, number) for number in range(texts.DRAFTS))
    if told.stdout.count(b"\n") != lines:
        raise Silence(f"grep does not find {lines} lines")
    return shown, whole


def hits(terminal, word):
    """Seconds from a pasted word to the first text that says it, and to the last change."""
    terminal.send(scenario.SWITCHER)
    terminal.settle()
    start, end = scenario.PASTE_MARKS
    sent = terminal.send(start + word.encode() + end)
    shown = terminal.wait_for(texts.MARKS[word].encode(), scenario.FRAME_END, since=sent)
    terminal.settle(quiet=0.7)
    whole = terminal.log[-1][0]
    terminal.send(scenario.ESCAPE)
    terminal.settle()
    return shown - sent, whole - sent


def meanwhile(terminal, word):
    """Delays of the letters of a word, each of which begins the search anew, and of keys that move
    the cursor in it while the last search goes on."""
    terminal.send(scenario.SWITCHER)
    terminal.settle()
    delays = []
    for letter in word.encode():
        delays.append(pressed(terminal, bytes([letter])))
        terminal.settle(quiet=0.03, limit=0.03)
    for number in range(40):
        delays.append(pressed(terminal, scenario.THERE_AND_BACK[number % 2]))
        terminal.settle(quiet=0.005, limit=0.005)
    terminal.send(scenario.ESCAPE)
    terminal.settle(quiet=0.5)
    return delays
