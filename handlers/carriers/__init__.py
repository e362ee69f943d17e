"""How each kind of delivery is carried to Slack; table.py lists them."""
