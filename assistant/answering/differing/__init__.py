"""Which sources differ, which are one, and which came later."""
