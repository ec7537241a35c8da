"""The table of `cargo bench --bench micro`, read from stdin, with the bars that are promised.

Shows each number of interest beside its bar and ends with 1 when one is missed. Measures nothing.
"""
import re
import sys

UNITS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}
SCALES = {"item/s": 1.0, "Kitem/s": 1e3, "Mitem/s": 1e6, "Gitem/s": 1e9}

# What it is, the row of it, and its bar: seconds at most, or items a second at least.
BARS = [
    ("a journal of 10,000 runs opened", "journal.open_with_10_000_runs", 0.030, None),
    ("a variant of 50 KB as Markdown", "markdown.fresh", None, None),
    ("a template parsed", "template.parse", None, None),
    ("a template rendered", "template.render", None, None),
    ("events of a stream framed, in pieces of 1,400 bytes", "sse.decode.1400", None, 1e6),
    ("deltas decoded, Chat Completions", "decode.chat_deltas", None, 1e6),
    ("deltas decoded, with padding that changes", "decode.chat_deltas_padded", None, 1e6),
    ("deltas decoded, Responses", "decode.responses_deltas", None, 1e6),
    ("a line of 16 MiB, in pieces of 1,400 bytes", "decode.one_line_of_16_mib.1400", 0.3, None),
    ("a line of 16 MiB, in pieces of 16 KiB", "decode.one_line_of_16_mib.16384", 0.3, None),
]


def amount(cell, units):
    """The number in a cell, in the first of `units`; None for anything else."""
    found = re.fullmatch(r"([\d.]+) (\S+)", cell.strip())
    return float(found[1]) * units[found[2]] if found and found[2] in units else None


def medians(lines):
    """The median of each row by its path, with the items a second that the line below tells."""
    path, found = [], {}
    for line in lines:
        row = re.match(r"([│ ]*)[├╰]─ (\S+)\s*(.*)", line)
        cells = (row[3] if row else line).split("│")
        if row:
            path = path[: len(row[1]) // 3] + [row[2]]
            median = amount(cells[2], UNITS) if len(cells) > 2 else None
            found[".".join(path)] = [median, None]
        elif path and len(cells) > 3:
            rates = [rate for rate in (amount(cell, SCALES) for cell in cells) if rate is not None]
            if len(rates) > 2:
                found[".".join(path)][1] = rates[2]
    return found


def main():
    lines = sys.stdin.read().splitlines()
    found, missed = medians(lines), False
    for what, name, most, least in BARS:
        median, rate = found.get(name, (None, None))
        if median is None:
            print(f"  {what}: not measured")
            missed = True
            continue
        value, bar, good = f"{median * 1e3:.3f} ms", "", True
        if least is not None:
            value = f"{(rate or 0) / 1e6:.1f} million a second"
            bar, good = f"≥ {least / 1e6:.0f} million", (rate or 0) >= least
        elif most is not None:
            bar, good = f"≤ {most * 1e3:.0f} ms", median <= most
        verdict = ("ok" if good else "MISS") if bar else ""
        print("  " + "   ".join(filter(None, (f"{what}: {value}", bar, verdict))))
        missed |= not good
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
