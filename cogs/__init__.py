"""One folder per thing the bot does."""
