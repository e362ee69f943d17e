"""The Web API: every method that the stand-in knows, in plain sight."""

from playground.webapi import auth, chat, conversations, files, people, views
from playground.webapi.call import Call, Method, SlackError

METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        *auth.METHODS,
        *chat.METHODS,
        *conversations.METHODS,
        *files.METHODS,
        *people.METHODS,
        *views.METHODS,
    )
}

__all__ = ["METHODS", "Call", "Method", "SlackError"]
