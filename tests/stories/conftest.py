"""The house of the handlers' tests, for stories."""

from tests.handlers.conftest import house

__all__ = ["house"]
