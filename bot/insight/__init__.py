"""What the records mean: pure functions over small frozen values."""
