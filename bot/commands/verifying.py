"""What is printed of an account that was checked: each break, or that there is none."""

from collections.abc import Sequence

from bot.plan.journal import Break

SHOWN = 200  # breaks that are named; the rest is counted


def told(breaks: Sequence[Break]) -> list[str]:
    """A line for each break."""
    lines = [
        f"BROKEN  {f'event {each.number} of {each.chain}: ' if each.number else ''}{each.what}"
        for each in breaks[:SHOWN]
    ]
    if len(breaks) > SHOWN:
        lines.append(f"BROKEN  and {len(breaks) - SHOWN} more.")
    return lines or ["The journal's chains, the records and the evidence files are as they were written."]
