"""What stands between this machine and a working bot, each said in a plain sentence with what to do about it."""
