"""Bringing an existing plan in from a spreadsheet: read, understood, looked at, and then kept whole or not at all."""
