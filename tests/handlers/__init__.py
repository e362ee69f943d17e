"""Tests of the handlers against the stand-in of Slack."""
