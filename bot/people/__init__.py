"""Who is here: users, cohorts, members, what they did, and what features tell each other."""
