"""A form with thirty inputs and its preview: keys in its fields, also where one holds a whole text;
and the list of files of a large folder under a field."""

import os
import tempfile

import scenario
import texts
from library import studio
from table import ms, percentile, row


def measure(bench):
    for field, what, held in ((2, "30 inputs", 0), (1, "a tall field", 0),
                              (1, "a tall field with 100 KB", 100_000),
                              (1, "100 KB in a tall field, in full", -100_000)):
        delays, pasted = typed(bench, field, held)
        worst = percentile(delays, 0.99)
        row(f"form of {texts.FORM_INPUTS} inputs with preview, {what}: key, p50 / p99 of "
            f"{len(delays)}", f"{ms(percentile(delays, 0.5))} / {ms(worst)}", "", "p99 ≤ 5 ms",
            worst <= 0.005)
        if pasted:
            row(f"form, {what}: paste to changed screen", ms(pasted), "", "≤ 20 ms",
                pasted <= 0.02)
    listed, delays = paths(bench, 100_000)
    worst = percentile(delays, 0.99)
    row("folder of 100,000 files under a field: listed", ms(listed), "", "", None)
    row(f"folder of 100,000 files: key in its list, p50 / p99 of {len(delays)}",
        f"{ms(percentile(delays, 0.5))} / {ms(worst)}", "", "p99 ≤ 16 ms", worst <= 0.016)


def paths(bench, count):
    """Until the files of a folder are listed, and the delay of each key that narrows them."""
    with tempfile.TemporaryDirectory() as home:
        library, folder = os.path.join(home, "library"), os.path.join(home, "many")
        os.makedirs(os.path.join(library, "templates"))
        with open(os.path.join(library, "templates", "a-form.md"), "w") as out:
            out.write(scenario.FILE_TEMPLATE)
        os.makedirs(folder)
        for number in range(count):
            open(os.path.join(folder, f"f{number:06}.txt"), "w").close()
        with studio(bench, home, library) as terminal:
            terminal.wait_for(b"Aaform", scenario.FRAME_END)
            terminal.settle()
            terminal.send(scenario.OPEN_FORM)
            terminal.settle(quiet=0.3)
            terminal.send(folder.encode() + b"/")
            terminal.settle(quiet=0.3)
            sent = terminal.send(scenario.PATHS)
            listed = terminal.wait_for(scenario.PATHS_LISTED, scenario.FRAME_END, since=sent) - sent
            terminal.settle()
            keys = [b"9", b"9", b"\x7f", b"\x7f"]
            return listed, bench.answered(terminal, keys, scenario.FRAME_END)


def typed(bench, field, held):
    """Delay of each key in a field, after a paste of so many bytes, if any; and of the paste. A
    negative size is that of a field shown in full."""
    with tempfile.TemporaryDirectory() as home:
        library = os.path.join(home, "library")
        os.makedirs(os.path.join(library, "templates"))
        with open(os.path.join(library, "templates", "a-form.md"), "w") as out:
            out.write(texts.form())
        with studio(bench, home, library) as terminal:
            terminal.wait_for(b"Aaform", scenario.FRAME_END)
            terminal.settle()
            terminal.send(scenario.OPEN_FORM)
            terminal.settle(quiet=0.3)
            terminal.send(scenario.PROMPT_TAB)
            terminal.settle()
            for _ in range(field - 1):
                terminal.send(scenario.NEXT_FIELD)
                terminal.settle()
            if held < 0:
                terminal.send(scenario.FIELD_IN_FULL)
                terminal.settle()
            pasted = 0
            if held:
                line = scenario.PASTE_LINE.encode()
                text = line * (abs(held) // len(line)) + scenario.LAST_GLYPH.encode()
                terminal.pour(scenario.PASTE_MARKS[0] + text)
                sent = terminal.send(scenario.PASTE_MARKS[1])
                pasted = terminal.wait_for(scenario.LAST_GLYPH.encode(), scenario.FRAME_END) - sent
                terminal.settle(quiet=1)
            delays = bench.answered(terminal, [b"a", b"b", b" "], scenario.FRAME_END)
            return delays, pasted
