"""What someone typed, repeated to them in a refusal without doing anything in the chat."""

LONGEST = 40


def echo(text: str) -> str:
    """The text short, on one line, with no mention, link, markdown or hidden direction in it."""
    kept = "".join(c if c.isalnum() or c in " /+-:.," else " " for c in text)
    return " ".join(kept.split())[:LONGEST].rstrip()
