"""Names for new records: sortable by time, unique without asking the store."""

import secrets
from datetime import datetime


def new_id(now: datetime) -> str:
    """22 hexadecimal characters: 12 of milliseconds since 1970, so that indexes grow at one end, and 10 at random."""
    return f"{int(now.timestamp() * 1000):012x}{secrets.token_hex(5)}"
