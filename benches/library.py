"""Ten thousand templates in the studio, beside an empty library on the same machine."""

import os
import statistics
import tempfile

import scenario
import texts
from table import ms, percentile, row
from terminal import Terminal


def measure(bench):
    with tempfile.TemporaryDirectory() as home:
        library = os.path.join(home, "library")
        texts.templates(library)
        # The first start reads every file and keeps what it knows of them.
        first = started(bench, home, library)
        empty, full, lists = [], [], []
        for _ in range(bench.times(25)):
            with tempfile.TemporaryDirectory() as other:
                empty.append(started(bench, other, os.path.join(other, "library"))[0])
            shown, complete = started(bench, home, library)
            full.append(shown)
            lists.append(complete)
        ours, theirs = statistics.median(full), statistics.median(empty)
        row("10,000 templates: exec to first frame", ms(ours), f"empty library {ms(theirs)}",
            "≤ 1.5× empty", ours <= 1.5 * theirs)
        complete = statistics.median(lists)
        row("10,000 templates: exec to the whole list", ms(complete),
            f"read for the first time {ms(first[1])}", "≤ 60 ms", complete <= 0.06)
        for what, words in scenario.FILTERED.items():
            delays = filtered(bench, home, library, words)
            worst = percentile(delays, 0.99)
            row(f"10,000 templates: key in the filter, {what}, p50 / p99 of {len(delays)}",
                f"{ms(percentile(delays, 0.5))} / {ms(worst)}", "", "p99 ≤ 5 ms", worst <= 0.005)


def studio(bench, home, library):
    env = scenario.environment(home)
    env["COPYDESK_LIBRARY"] = library
    return Terminal([bench.binary], env, scenario.SIZE, home)


def started(bench, home, library):
    """Seconds from exec to the first frame, and to the one that has the list in it."""
    is_empty = not os.path.isdir(library)
    mark = scenario.FIRST_FRAME if is_empty else scenario.FIRST_OF_TEMPLATES
    with studio(bench, home, library) as terminal:
        first = terminal.wait_for(scenario.FRAME_END, None) - terminal.start
        listed = terminal.wait_for(mark, scenario.FRAME_END, since=terminal.start)
        # What is kept for the next start is written behind the list.
        terminal.settle(quiet=0.3)
        return first, listed - terminal.start


def filtered(bench, home, library, words):
    """Delay of each key of these words in the filter, and of those that take them out again."""
    delays = []
    with studio(bench, home, library) as terminal:
        terminal.wait_for(scenario.FIRST_OF_TEMPLATES, scenario.FRAME_END)
        terminal.settle(quiet=1)
        terminal.send(scenario.FILTER)
        terminal.settle()
        for _ in range(bench.times(5)):
            for word in words:
                for key in [*word.encode(), *[scenario.RUBOUT] * len(word)]:
                    sent = terminal.send(bytes([key]))
                    delays.append(terminal.wait_for(scenario.FRAME_END) - sent)
                    terminal.settle(quiet=0.02)
    return delays
