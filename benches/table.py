"""The rows that are found, and the one table that they become."""

import sys

ROWS = []


def row(what, value, reference="", reach="", good=None):
    """Adds a row; `good` is None where nothing is promised."""
    verdict = {None: "", True: "ok", False: "MISS"}[good]
    ROWS.append((what, value, reference, reach, verdict))
    print(f"  {what}: {value}   {reference}   {verdict}", file=sys.stderr)


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


def ms(seconds):
    return f"{seconds * 1e3:.2f} ms"


def table():
    heads = ("what", "Copydesk", "reference", "reach", "")
    widths = [max(len(line[column]) for line in [heads, *ROWS]) for column in range(len(heads))]

    def line(cells):
        padded = (cell.ljust(width) for cell, width in zip(cells, widths))
        return f"| {' | '.join(padded)} |"

    rule = [("-" * width) for width in widths]
    return "\n".join(map(line, [heads, rule, *ROWS]))
