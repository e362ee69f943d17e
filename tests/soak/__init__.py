"""The soak: real replicas under load and faults for as long as wanted, and an independent count at the end."""
