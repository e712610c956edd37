"""When two links lead to the same opening, and when two openings look like one.

A key is made from a link by leaving out what differs between two ways to the same page: how
somebody found it, capital letters, a last slash, the *apply* page. Where the applicant-tracking
system is known, the key is the opening's own number there. A key is never wider than one opening:
where it is not sure, two keys stay two, and a moderator sees the near-duplicate.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from bot.errors import Refusal
from bot.face.words import _

MOST_LINK: Final = 1_500
"""Characters of the longest link that is taken."""

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

TRACKING: Final = frozenset(
    {
        "_ga", "_gl", "dclid", "fbclid", "gad_source", "gbraid", "gclid", "gclsrc", "igshid",
        "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "msclkid", "oly_anon_id", "oly_enc_id",
        "ttclid", "twclid", "wbraid", "yclid", "vero_id", "_hsenc", "_hsmi",
        "gh_src", "lever-origin", "lever-source", "lever-via", "lever-source[]", "ashby_src",
        "referer", "referrer", "ref_src", "trk", "trackingid", "tracking_id",
        "rx_campaign", "rx_ch", "rx_group", "rx_medium", "rx_r", "rx_source", "rx_ts", "rx_vp",
        "jobboard", "jobboardsource", "jobsource",
        "lang", "language", "locale", "hl", "nl", "fr", "mobile", "needsredirect", "in_iframe",
        "jan1offset", "jun1offset", "iis", "iisn", "icims", "bga", "sessionid", "share",
    }
)  # fmt: skip
"""Parameters that say how somebody came or how the page looks, and never which opening it is."""
FROM_WHERE: Final = frozenset({"ref", "refid", "referral", "source", "src"})
"""Parameters that mostly say how somebody came; with a number in them they may be the opening."""

PRIVATE_ENDS: Final = (
    ".corp", ".home", ".home.arpa", ".internal", ".intranet", ".invalid", ".lan", ".local",
    ".localdomain", ".localhost", ".onion", ".private",
)  # fmt: skip
NO_PLACE: Final = frozenset(
    {"app", "application", "apply", "apply-now", "content", "description", "job", "main", "top"}
)
"""Fragments that are places on one page, not pages of their own."""

COMPANY_ENDS: Final = frozenset(
    {
        "ag", "bv", "co", "company", "corp", "corporation", "gmbh", "group", "holdings", "inc",
        "incorporated", "limited", "llc", "llp", "lp", "ltd", "nv", "plc", "pty", "sa", "se",
    }
)  # fmt: skip
FILLER: Final = frozenset(
    {"a", "an", "and", "at", "for", "in", "of", "or", "program", "programme", "the", "to", "with"}
)
SAME: Final = {
    "engineering": "engineer",
    "engineers": "engineer",
    "eng": "engineer",
    "internship": "intern",
    "internships": "intern",
    "interns": "intern",
    "coop": "intern",
    "developers": "developer",
    "dev": "developer",
    "development": "developer",
    "grads": "grad",
    "graduate": "grad",
    "graduates": "grad",
    "sr": "senior",
    "jr": "junior",
}
SEASONS: Final = {
    "spring": "spring",
    "summer": "summer",
    "fall": "fall",
    "autumn": "fall",
    "winter": "winter",
}

_CONTROL = re.compile(
    r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff\ud800-\udfff]"
)
_HOST = re.compile(
    r"(?=.{4,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
_APPLY = re.compile(
    r"/apply(-now|now|/autofillwithresume|/applymanually|/uselastapplication)?$", re.I
)
_KEPT = "%/:=&?~#+!$,;'@*[]-._"
_PLAIN = re.compile(r"[A-Za-z0-9%/:=&?~#+!$,;'@*\[\]._-]*")
_WORDS_ONLY = re.compile(r"(?:[A-Z]?[a-z]+|[A-Z]+)(?:[-_](?:[A-Z]?[a-z]+|[A-Z]+)?)*")
_NUMBER = re.compile(r"\d{3}")
_SLASHES = re.compile(r"/{2,}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TOKEN = re.compile(r"[a-z0-9+#]+")
_REQUISITION_TWIN = re.compile(r"([A-Z]{1,4}-?\d{3,})-\d{1,2}", re.I)

Query = dict[str, str]
Known = Callable[[str, str, Query], str | None]
"""Reads (host, path, query) of a known system; None where the link names no single opening."""


def canonical(url: str) -> str:
    """Return the key under which a link is known. Raises Refusal for a link that is none."""
    text = url.strip()
    if len(text) > MOST_LINK:
        raise Refusal(
            _("The link is longer than {most} characters. Copy it from the opening itself.").format(
                most=MOST_LINK
            )
        )
    if _CONTROL.search(text):
        raise Refusal(_("The link has blanks or hidden characters in it."))
    try:
        parts = urlsplit(text)
        host = _host(parts)
        port = parts.port
    except ValueError:
        raise Refusal(_("That is no link I can read. It begins with https://.")) from None
    if port not in (None, 80, 443):
        raise Refusal(_("The link names a port, which no public job page does."))
    query = _query(parts.query)
    path = _path(parts.path)
    return _opening(host, path, query) or _page(host, path, query, parts.fragment)


def tidy(url: str) -> str:
    """Return a link as it is shown and pressed: every character in it one that a link may have."""
    text = url.strip()
    return text if text.isascii() and _PLAIN.fullmatch(text) else quote(text, safe=_KEPT)


def twin_key(company: str, title: str, terms: Iterable[str]) -> str:
    """Return what two postings of one company, title and term share, however they are written."""
    words = _tokens(title)
    spoken = {word for term in terms for word in _tokens(term)} or set(words)
    when = sorted(
        SEASONS.get(word, word) for word in spoken if word in SEASONS or _YEAR.fullmatch(word)
    )
    what = sorted(
        {
            SAME.get(word, word)
            for word in words
            if word not in FILLER and word not in SEASONS and not _YEAR.fullmatch(word)
        }
    )
    name = [word for word in _tokens(company) if word not in FILLER]
    while len(name) > 1 and name[-1] in COMPANY_ENDS:
        name.pop()
    return f"{' '.join(name)}|{' '.join(what)}|{' '.join(when)}"


def _tokens(text: str) -> list[str]:
    if not text.isascii():
        text = "".join(
            letter
            for letter in unicodedata.normalize("NFKD", text)
            if not unicodedata.combining(letter)
        )
    folded = text.casefold().replace("co-op", "coop").replace("'", "").replace("’", "")
    found = _TOKEN.findall(folded)
    return found if found or folded.isascii() else folded.split()


# --- the parts of a link


def _host(parts: SplitResult) -> str:
    """Return the host as it is known. Raises Refusal for one that is not a public name."""
    if parts.scheme not in ("http", "https"):
        raise Refusal(_("The link must begin with https:// or http://."))
    if parts.username is not None or parts.password is not None:
        raise Refusal(_("The link has a name or password in it. Leave out what stands before @."))
    host = (parts.hostname or "").rstrip(".")
    if not host:
        raise Refusal(_("That is no link I can read. It begins with https://."))
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if _is_address(host):
        raise Refusal(_("The link is a bare network address. Use the page's name."))
    if "." not in host or host.endswith(PRIVATE_ENDS):
        raise Refusal(_("The link leads into a private network, where others cannot follow."))
    if not _HOST.fullmatch(host):
        raise Refusal(_("That is no link I can read. It begins with https://."))
    return host.removeprefix("www.")


def _is_address(host: str) -> bool:
    """Say whether a host is a number, in any of the ways in which browsers read one."""
    if host.startswith("[") or ":" in host:
        return True
    if host[-1].isalpha() and not host.rpartition(".")[2].startswith("0x"):
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        last = host.rpartition(".")[2]
        return last.isdecimal() or bool(re.fullmatch(r"0x[0-9a-f]*", last))
    return True


def _path(path: str) -> str:
    """Return a path without doubled, dotted or last slashes, and each character written one way."""
    if "%" in path or not path.isascii():
        path = "/".join(quote(unquote(part), safe="!$&'()*+,;=:@-._~") for part in path.split("/"))
    if "//" in path:
        path = _SLASHES.sub("/", path)
    if "/." in path:
        kept: list[str] = []
        for part in path.split("/"):
            if part == "..":
                kept = kept[:-1]
            elif part != ".":
                kept.append(part)
        path = "/".join(kept)
    return path.rstrip("/")


def _query(text: str) -> Query:
    """Return the parameters that can say which opening it is."""
    if not text:
        return {}
    return {
        name: value
        for name, value in parse_qsl(text, keep_blank_values=False, max_num_fields=100)
        if not _tells_nothing(name.lower(), value)
    }


def _tells_nothing(name: str, value: str) -> bool:
    if name in FROM_WHERE:
        return not _NUMBER.search(value)
    return name in TRACKING or name.startswith(("utm_", "utm-", "pk_"))


def _page(host: str, path: str, query: Query, fragment: str) -> str:
    """Return the key of a page of a system we do not know."""
    path = _APPLY.sub("", path)
    path = "/".join(map(_plain_words, path.split("/")))
    key = host + path
    if query:
        key += "?" + urlencode(sorted(query.items()))
    where = fragment.partition(":~:")[0].strip("/!")
    if where and where.casefold() not in NO_PLACE:
        key += "#" + where
    return key


def _plain_words(part: str) -> str:
    """Write words small; a code in which capital letters may mean something stays as it is."""
    return part.lower() if _WORDS_ONLY.fullmatch(part) else part


# --- applicant-tracking systems


def _opening(host: str, path: str, query: Query) -> str | None:
    """Return the number of an opening in a system we know, wherever it is embedded."""
    numbered = query.get("gh_jid")
    if numbered and numbered.isdecimal():
        return f"greenhouse.io/{numbered}"
    ashby = query.get("ashby_jid", "").lower()
    if ashby and re.fullmatch(UUID, ashby):
        return f"ashbyhq.com/{ashby}"
    labels = host.split(".")
    read = KNOWN.get(".".join(labels[-2:])) or KNOWN.get(".".join(labels[-3:]))
    return read(host, path, query) if read else None


def _by_path(pattern: str, key: str, *, small: bool = True) -> Known:
    """Return a reader that finds an opening's number in the path; `key` says where it goes."""
    shape = re.compile(pattern, re.I)

    def read(host: str, path: str, query: Query) -> str | None:
        found = shape.match(path)
        if not found:
            return None
        parts = {name: text or "" for name, text in found.groupdict().items()}
        if small:
            parts = {name: text.lower() for name, text in parts.items()}
        return key.format(host=host, tenant=host.partition(".")[0], **parts)

    return read


def _by_query(names: tuple[str, ...], key: str) -> Known:
    """Return a reader that finds an opening's number among the parameters."""

    def read(host: str, path: str, query: Query) -> str | None:
        numbers = {name.lower(): value for name, value in query.items()}
        number = next((numbers[name] for name in names if numbers.get(name)), None)
        return key.format(host=host, id=number.lower()) if number else None

    return read


def _either(*readers: Known) -> Known:
    def read(host: str, path: str, query: Query) -> str | None:
        return next(filter(None, (each(host, path, query) for each in readers)), None)

    return read


def _greenhouse(host: str, path: str, query: Query) -> str | None:
    found = re.search(r"/jobs/(\d+)", path)
    number = found[1] if found else query.get("token", "")
    return f"greenhouse.io/{number}" if number.isdecimal() else None


def _workday(host: str, path: str, query: Query) -> str | None:
    """A requisition is one opening, under whichever site, place and language it is shown."""
    found = re.search(r"/(?:job|details)/(?:[^/]+/)*?([^/]*)_([^/_]+)(?:/apply.*)?$", path, re.I)
    if not found:
        return None
    tenant = host.partition(".")[0]
    if host.endswith("myworkdaysite.com"):
        site = re.search(r"/recruiting/([^/]+)/", path)
        tenant = site[1] if site else tenant
    number = found[2]
    twin = _REQUISITION_TWIN.fullmatch(number)
    return f"workday/{tenant}/{twin[1] if twin else number}".lower()


KNOWN: Final[dict[str, Known]] = {
    "greenhouse.io": _greenhouse,
    "lever.co": _by_path(rf"/[^/]+/(?P<id>{UUID})", "lever.co/{id}"),
    "ashbyhq.com": _by_path(rf"/[^/]+/(?P<id>{UUID})", "ashbyhq.com/{id}"),
    "workable.com": _by_path(r"(?:/[^/]+)?/j/(?P<id>[0-9a-f]{8,12})\b", "workable.com/{id}"),
    "smartrecruiters.com": _by_path(r"/[^/]+/(?P<id>\d{9,})", "smartrecruiters.com/{id}"),
    "myworkdayjobs.com": _workday,
    "myworkdaysite.com": _workday,
    "icims.com": _by_path(r"/jobs/(?P<id>\d+)", "{host}/{id}"),
    "jobvite.com": _by_path(
        r"(?:/[^/]+)?/job/(?P<id>o[0-9A-Za-z]{7,})", "jobvite.com/{id}", small=False
    ),
    "oraclecloud.com": _by_path(
        r"/hcmui/candidateexperience/.*/(?:job|preview)/(?P<id>\d+)", "{host}/{id}"
    ),
    "amazon.jobs": _by_path(r"(?:/[a-z]{2}(?:-[a-z]{2})?)?/jobs/(?P<id>\d+)", "amazon.jobs/{id}"),
    "microsoft.com": _by_path(r"/global/[a-z-]+/job/(?P<id>\d+)", "{host}/{id}"),
    "google.com": _by_path(
        r"/about/careers/applications/jobs/results/(?P<id>\d+)", "google.com/careers/{id}"
    ),
    "linkedin.com": _either(
        _by_path(r"/jobs/view/(?:[^/]*-)?(?P<id>\d{6,})$", "linkedin.com/jobs/{id}"),
        _by_query(("currentjobid",), "linkedin.com/jobs/{id}"),
    ),
    "indeed.com": _by_query(("jk", "vjk"), "indeed.com/{id}"),
    "simplify.jobs": _by_path(rf"/(?:p|jobs)/(?P<id>{UUID})", "simplify.jobs/{id}"),
    "bamboohr.com": _either(
        _by_path(r"/(?:careers|jobs)/(?P<id>\d+)", "{host}/{id}"), _by_query(("id",), "{host}/{id}")
    ),
    "breezy.hr": _by_path(r"/p/(?P<id>[0-9a-f]{12})", "{host}/{id}"),
    "rippling.com": _by_path(rf"/.*/jobs/(?P<id>{UUID})", "rippling.com/{id}"),
    "taleo.net": _by_query(("job", "requisitionno"), "{host}/{id}"),
    "eightfold.ai": _either(
        _by_query(("pid",), "{host}/{id}"),
        _by_path(r"/careers/job/(?P<id>\d+)", "{host}/{id}"),
    ),
    "ultipro.com": _by_query(("opportunityid",), "ultipro.com/{id}"),
    "ukg.com": _by_query(("opportunityid",), "ultipro.com/{id}"),
    "paylocity.com": _by_path(
        r"/recruiting/jobs/(?:details|apply)/(?P<id>\d+)", "paylocity.com/{id}"
    ),
    "joinhandshake.com": _by_path(
        r"(?:/stu)?/(?:jobs|job-search)/(?P<id>\d+)", "joinhandshake.com/{id}"
    ),
    "wellfound.com": _by_path(r"/jobs/(?P<id>\d+)", "wellfound.com/{id}"),
}  # fmt: skip
"""Readers by the last two or three labels of the host."""
