"""A strict local Slack: Web API, Socket Mode and HTTP delivery, with a page and a play API for the people in it."""
