"""What time means here: the clock, weekly rules, time zones, phases, dates in words, the alarm."""
