"""Early warnings: what the bot notices by itself in the account of a service."""
