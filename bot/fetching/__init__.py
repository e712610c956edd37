"""Reading what others published: politely, within limits, and never from inside our own network."""
