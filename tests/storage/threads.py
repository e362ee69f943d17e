"""Several stores over one database at work at once, each in a thread of its own."""

import threading
from collections.abc import Callable, Iterable

from storage.store import SqlStore


def together(work: Callable[[SqlStore], None], stores: Iterable[SqlStore]) -> None:
    """Do the work with each store at once, and wait until all have done it."""
    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
