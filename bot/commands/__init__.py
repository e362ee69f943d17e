"""What stands behind single commands of the command line."""
