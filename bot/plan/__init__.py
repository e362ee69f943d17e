"""The records of a plan and what may be done to them, one noun a file."""
