"""The operational stories of the field, each played from its first signal to its end."""
