"""Two ways to one opening have one key; two openings never do."""

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest

from bot.errors import Refusal
from cogs.opportunities.canonical import MOST_LINK, canonical, tidy, twin_key

UUID = "a102c558-c365-48cf-b1ae-766037509e5c"

SAME = [
    ("https://Jobs.Example.com/Robots/", "http://www.jobs.example.com/robots"),
    ("https://a.example/jobs?id=7&utm_source=x", "https://a.example/jobs?gclid=1&id=7#apply"),
    ("https://a.example/jobs/7/apply", "https://a.example//jobs/./7"),
    ("https://a.example/j%6Fbs/7", "https://a.example/jobs/7/"),
    ("https://a.example/x?ref=linkedin", "https://a.example/x?source=Simplify"),
    ("https://a.example:443/x", "http://a.example:80/x"),
    (
        "https://boards.greenhouse.io/axon/jobs/5729825003",
        "https://boards.greenhouse.io/embed/job_app?for=axon&token=5729825003",
    ),
    (
        "https://job-boards.greenhouse.io/axon/jobs/5729825003?gh_src=abc",
        "https://www.axon.example/careers/open?gh_jid=5729825003",
    ),
    (
        f"https://jobs.lever.co/weride/{UUID}/apply?lever-source=LinkedIn",
        f"https://jobs.lever.co/WeRide/{UUID}",
    ),
    (
        f"https://jobs.ashbyhq.com/replo/{UUID}/application",
        f"https://replo.example/jobs?ashby_jid={UUID}",
    ),
    (
        "https://apply.workable.com/futureplc/j/A4ED85D19C/apply",
        "https://apply.workable.com/j/a4ed85d19c",
    ),
    (
        "https://nvidia.wd5.myworkdayjobs.com/en-us/site/job/US-CA/Tool_JR1981743-1",
        "https://nvidia.wd5.myworkdayjobs.com/Site/job/Remote/Tool_JR1981743/apply",
    ),
    (
        "https://careers-x.icims.com/jobs/4711/engineer/job?mobile=false&width=900",
        "https://careers-x.icims.com/jobs/4711/login",
    ),
    (
        "https://jobs.smartrecruiters.com/Visa/743999986682224-software-intern",
        "https://jobs.smartrecruiters.com/visa/743999986682224?trid=1",
    ),
    (
        "https://www.linkedin.com/jobs/view/intern-at-x-3812345678/?refId=a",
        "https://linkedin.com/jobs/search?currentJobId=3812345678",
    ),
    ("https://bücher.example/stelle", "https://xn--bcher-kva.example/stelle"),
]
OTHER = [
    ("https://a.example/jobs?id=7", "https://a.example/jobs?id=8"),
    ("https://a.example/careers#design", "https://a.example/careers#code"),
    ("https://a.example/#/job/1", "https://a.example/#/job/2"),
    ("https://a.example/x?ref=REQ-1001", "https://a.example/x?ref=REQ-1002"),
    ("https://a.example/j/aBcD1234", "https://a.example/j/AbCd1234"),
    ("https://a.example/7", "https://b.example/7"),
    ("https://jobs.jobvite.com/x/job/oeTxsfwQ", "https://jobs.jobvite.com/x/job/oeTxsfwq"),
    (
        "https://cboe.wd1.myworkdayjobs.com/s/job/A/Intern_R-3500",
        "https://cboe.wd1.myworkdayjobs.com/s/job/A/Intern_R-3501",
    ),
    (
        "https://a.wd1.myworkdayjobs.com/s/job/A/Intern_2024-12",
        "https://a.wd1.myworkdayjobs.com/s/job/A/Intern_2024-13",
    ),
    (
        "https://jpmc.fa.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX_1/job/21",
        "https://other.fa.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX_1/job/21",
    ),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_ways_to_one_opening_have_one_key(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_two_openings_have_two_keys(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "jobs.example.com/1",
        "ftp://a.example/1",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https:///x",
        "https://localhost/x",
        "https://intranet/x",
        "https://a.local/x",
        "https://127.0.0.1/x",
        "https://127.1/x",
        "https://0x7f000001/x",
        "https://0177.0.0.1/x",
        "https://2130706433/x",
        "https://[::1]/x",
        "https://[fe80::1%25eth0]/x",
        "https://169.254.169.254/latest",
        "https://10.0.0.1./x",
        "https://user@a.example/x",
        "https://a.example:8080/x",
        "https://a.example:99999/x",
        "https://a.example/a b",
        "https://a.example/\u202egpj",
        "https://a.example/\ud800",
        "https://-.example/x",
        "https://a..example/x",
        "https://a.example/" + "x" * MOST_LINK,
    ],
)
def test_what_is_no_public_link_is_refused_with_a_reason(link):
    with pytest.raises(Refusal) as refused:
        canonical(link)
    assert str(refused.value).endswith(".")


def test_a_link_is_shown_with_characters_a_link_may_have():
    assert tidy(" https://a.example/ü?x=<y> ") == "https://a.example/%C3%BC?x=%3Cy%3E"
    assert tidy("https://a.example/%C3%BC?x=1#y") == "https://a.example/%C3%BC?x=1#y"


def test_near_duplicates_share_a_key_however_they_are_written():
    first = twin_key("Robots, Inc.", "Software Engineering Intern - Summer 2026", ())
    assert first == twin_key("ROBOTS", "Intern, Software Engineer", ("Summer 2026",))
    assert first != twin_key("Robots", "Software Engineering Intern", ("Fall 2026",))
    assert first != twin_key("Robots", "Hardware Engineering Intern", ("Summer 2026",))
    assert first != twin_key("Other Robots", "Software Engineering Intern", ("Summer 2026",))
    assert twin_key("Café Noir GmbH", "Praktikant", ()) == twin_key("Cafe Noir", "praktikant", ())
    assert twin_key("株式会社", "エンジニア", ()) != twin_key("株式会社", "デザイナー", ())


def test_no_two_jobs_of_a_real_list_are_merged():
    """Every key that several entries share is one job by its own id in the list, or its title."""
    file = os.environ.get("STINT_TEST_LISTINGS")
    if not file:
        pytest.skip("STINT_TEST_LISTINGS names no list")
    found = defaultdict(set)
    for entry in json.loads(Path(file).read_text("utf-8")):
        found[canonical(entry["url"])].add((entry["company_name"], entry["title"]))
    assert not {key: jobs for key, jobs in found.items() if len(jobs) > 1}
