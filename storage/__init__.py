"""Memory: the records of `bot` in SQLite or PostgreSQL, and evidence files by their SHA-256."""
