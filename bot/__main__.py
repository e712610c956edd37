"""`python -m bot` is `stint`."""

from bot.cli import main

main()
