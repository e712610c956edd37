"""English verbs that say what somebody did, in the form they were typed and in the past."""

import re
from typing import Final

_REGULAR: Final = """
add analyse analyze answer arrange ask assess assist attend audit automate benchmark calculate call
chair check clarify clean coach collect compare compile complete configure connect convert convince
coordinate copy correct create deliver demo deploy design develop diagnose discover discuss document
draft earn edit enable evaluate examine expand explain explore extend extract finish fix gather
handle help host identify implement import improve increase inspect install integrate interview
introduce investigate join launch learn list maintain measure merge migrate mock model moderate
monitor move negotiate observe open optimise optimize organise organize own pair parse patch perform
pilot polish port prepare present prevent profile program prototype prove publish raise rank
reach record recover redesign reduce refactor refine release remove rename repair replace
report reproduce rescue research resolve restore review revise rework sample save scale schedule
script secure shape share shadow simplify sketch solve sort spike standardise standardize start
streamline structure study suggest summarise summarize support survey switch talk test tidy trace
track train translate trim tune turn uncover unify update upgrade use
validate verify visit volunteer welcome work wrap
"""
_IRREGULAR: Final = {
    "begin": "began",
    "break": "broke",
    "bring": "brought",
    "build": "built",
    "catch": "caught",
    "choose": "chose",
    "cut": "cut",
    "debug": "debugged",
    "do": "did",
    "drive": "drove",
    "drop": "dropped",
    "find": "found",
    "get": "got",
    "give": "gave",
    "grow": "grew",
    "hold": "held",
    "keep": "kept",
    "lead": "led",
    "make": "made",
    "map": "mapped",
    "meet": "met",
    "pass": "passed",
    "plan": "planned",
    "put": "put",
    "read": "read",
    "rebuild": "rebuilt",
    "rewrite": "rewrote",
    "run": "ran",
    "see": "saw",
    "send": "sent",
    "set": "set",
    "ship": "shipped",
    "show": "showed",
    "speak": "spoke",
    "speed": "sped",
    "split": "split",
    "swap": "swapped",
    "take": "took",
    "teach": "taught",
    "tell": "told",
    "think": "thought",
    "troubleshoot": "troubleshot",
    "understand": "understood",
    "win": "won",
    "write": "wrote",
}
_PARTICIPLES: Final = {
    "begun": "began",
    "broken": "broke",
    "chosen": "chose",
    "done": "did",
    "driven": "drove",
    "given": "gave",
    "grown": "grew",
    "rewritten": "rewrote",
    "run": "ran",
    "seen": "saw",
    "shown": "showed",
    "spoken": "spoke",
    "taken": "took",
    "written": "wrote",
}


def _past(verb: str) -> str:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return {"refer": "referred", "trim": "trimmed"}.get(verb, verb + "ed")


def _ing(verb: str) -> str:
    if verb in (
        "cut",
        "debug",
        "drop",
        "get",
        "map",
        "plan",
        "put",
        "run",
        "set",
        "ship",
        "split",
        "swap",
        "trim",
        "win",
        "begin",
    ):
        return verb + verb[-1] + "ing"
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    return verb + "ing"


_VERBS: Final = (*_REGULAR.split(), *_IRREGULAR)
FROM_PLAIN: Final = {verb: _past(verb) for verb in _VERBS}
ING: Final = frozenset(_ing(verb) for verb in _VERBS)
PAST: Final = frozenset(FROM_PLAIN.values())
_THING: Final = re.compile(
    r"(?:the|a|an|my|our|your|their|its|his|her|this|these|those|that|two|three|four|five|six|"
    r"seven|eight|nine|ten|all|every|some|\d+)\b",
    re.I,
)


def in_the_past(text: str, *, spoken: str = "", done: bool = False, plan: bool = False) -> str:
    """Return the text beginning with its verb in the past, or nothing where that is not sure.

    `spoken` is what stood before it ("I", "I've"). Without it, "Test the login" is a deed, where
    it is known to be `done`, and "Test results" may be a thing: a verb counts only before an
    article or a number. In a `plan` that was reached every known verb is one.
    """
    first, space, rest = text.partition(" ")
    word = first.lower()
    if spoken:
        past = _after_me(word, spoken)
    elif plan or (done and _THING.match(rest)):
        past = FROM_PLAIN.get(word) or (word if word in PAST else "")
    else:
        return ""
    return f"{past}{space}{rest}" if past else ""


def _after_me(word: str, spoken: str) -> str:
    """Return the verb that stood after "I": "fixed", "I've written"; "I am testing" stays open."""
    if spoken.endswith(("am", "m", "was")):
        return word if word in ING else ""
    if spoken != "I":
        return _PARTICIPLES.get(word) or (word if word in PAST else "")
    return word if word in PAST else ""
