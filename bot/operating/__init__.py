"""What the person who hosts the bot does with it: set up, run, check, copy, hand out, forget."""
