"""A form with thirty inputs and its preview: keys in its fields, also where one holds a whole text."""

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
