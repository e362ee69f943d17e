"""The fault harness: real processes are killed at random while reminders are due, and an independent checker counts."""
