"""The demonstration provider: a true history of an invented provider, played through the real verbs."""
