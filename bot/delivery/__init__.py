"""How things happen by themselves: schedules become occurrences, occurrences letters, once."""
