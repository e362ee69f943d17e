"""scipy's distributions and exact tests, loaded at their first use: they take longer than all else in the program."""

from typing import Any


def stats() -> Any:
    """The module scipy.stats; one to several seconds the first time in a process, nothing after."""
    from scipy import stats as loaded

    return loaded
