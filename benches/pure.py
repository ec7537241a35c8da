"""Shows what `cargo bench --bench micro` measured beside its bars: reads its table from stdin, hands
it on, and prints one row for each bar. Ends with 1 when one was missed or not measured.
"""

import re
import sys

# What a name promises: items in a second at least, or seconds at most, by the median.
BARS = {
    "sse/decode/1400": ("items", 1e6),
    "decode/chat_deltas": ("items", 1e6),
    "decode/chat_deltas_padded": ("items", 1e6),
    "decode/responses_deltas": ("items", 1e6),
    "decode/one_line_of_16_mib/1400": ("seconds", 0.3),
    "decode/one_line_of_16_mib/16384": ("seconds", 0.3),
}
UNITS = {"ps": 1e-12, "ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}
COUNTS = {"item": 1.0, "Kitem": 1e3, "Mitem": 1e6, "Gitem": 1e9}
CELL = r"([\d.]+) ([a-zµA-Z/]+)"
ROW = re.compile(rf"{CELL}\s*│ {CELL}\s*│ {CELL}\s*│ {CELL}")
NAME = re.compile(r"[├╰]─ (\S+)")


def measured(lines):
    """The medians by name: seconds, and items in a second where they are counted."""
    path, found = [], {}
    for line in lines:
        name = NAME.search(line)
        if name:
            # Each level is three columns further in.
            path[name.start() // 3:] = [name.group(1)]
        cells = ROW.search(line)
        if not cells:
            continue
        median, unit = float(cells.group(5)), cells.group(6)
        if unit in UNITS:
            found[("seconds", "/".join(path))] = median * UNITS[unit]
        elif unit.endswith("item/s"):
            found[("items", "/".join(path))] = median * COUNTS[unit[:-2]]
    return found


def main():
    lines = []
    for line in sys.stdin:
        sys.stdout.write(line)
        lines.append(line)
    found, missed = measured(lines), False
    print()
    for name, (kind, bar) in BARS.items():
        value = found.get((kind, name))
        if value is None:
            shown, good = "not measured", False
        elif kind == "items":
            shown, good = f"{value / 1e6:.2f} million/s", value >= bar
        else:
            shown, good = f"{value * 1e3:.0f} ms", value <= bar
        promise = f"≥ {bar / 1e6:.0f} million/s" if kind == "items" else f"≤ {bar * 1e3:.0f} ms"
        missed |= not good
        print(f"| {name:32} | {shown:16} | {promise:14} | {'ok' if good else 'MISS':4} |")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
