"""Strict validation of Block Kit: what Slack would refuse is refused here, in Slack's words."""

from playground.blockkit.surfaces import Refused, check_message, check_view, element_at, interactive_elements

__all__ = ["Refused", "check_message", "check_view", "element_at", "interactive_elements"]
