"""When things are due: working days, cadence, and who hears what."""
