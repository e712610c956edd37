"""Where everything is kept: one database, private text sealed, many readers and one writer."""
