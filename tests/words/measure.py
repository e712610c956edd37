"""How easily something is read, and which tones Stint never strikes."""

import re

FOURTEEN = 9
"""The school year of somebody who is fourteen."""
LONGEST = 30
"""Words in a sentence that are still said in one breath."""

TONE = {
    "guilt": r"\b(you )?(should|ought to|could) have (done|known|asked|said)\b|\bfailed to\b|"
    r"(?<!if )\byou (forgot|missed|neglected|let .{0,20} down)\b|"
    r"\byou (still )?haven.t\b|\boverdue\b|"
    r"\bfalling behind\b|\bdon.t (break|lose) your streak\b|\bwe miss(ed)? you\b|\bdisappoint|"
    r"\blazy\b|(?<!no )\bexcuses?\b|\bashamed\b",
    "belittling": r"(?<!have )\bjust\b(?! now)|\b(simply|obviously|of course|trivially)\b",
    "orders": r"\byou must\b|\byou.ll have to\b",
    "empty comfort": r"don['’]t worry|\bno worries\b|\bcalm down\b",
    "cheering": r"(?<!Hi)(?<!Thank you)!|\b(awesome|amazing|super|rockstar|crush(ed|ing)? it)\b",
    "leaflet": r"\b(leverage|utili[sz]e|maximi[sz]e|empower|unlock|your journey|passionate about|"
    r"invaluable|proactively|best practices|game.changer|delve)\b",
    "distance": r"\b(the|a|each) user\b|\bparticipants?\b|\bhe or she\b|\bhis/her\b",
    "pictures": "[\U0001f300-\U0001faff\u2600-\u27bf]",
}


def syllables(word: str) -> int:
    """About how many syllables an English word has."""
    letters = re.sub(r"[^a-z]", "", word.lower().replace("é", "e"))
    groups = len(re.findall(r"[aeiouy]+", letters))
    silent = letters.endswith("e") and not letters.endswith(("le", "ee"))
    silent = silent or re.search(r"[^td]ed$", letters) is not None
    return max(1, groups - silent)


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence, list item and line."""
    plain = re.sub(r"`[^`]*`", "it", text)
    plain = re.sub(r"\n\s*(?:[-*] |\d+\. |> ?)|\n\n", ". ", plain)
    whole = re.split(r"[.!?…][”\"*)]*(?:\s|$)", plain.replace("**", ""))
    words = [re.findall(r"[^\W\d_][\w'’-]*", one) for one in whole]
    return [one for one in words if one]


def grade(text: str) -> float:
    """The school year, by Flesch and Kincaid, from which a text can be read with ease."""
    said = sentences(text)
    words = [word for one in said for word in one]
    per_sentence = len(words) / len(said)
    per_word = sum(map(syllables, words)) / len(words)
    return 0.39 * per_sentence + 11.8 * per_word - 15.59
