"""The demo: the real bot in a simulated Discord, where a visitor can be anyone and move time."""
