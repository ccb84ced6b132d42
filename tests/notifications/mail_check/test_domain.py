"""What a real name server says of a sender's domain, and what follows for mail from it."""

from __future__ import annotations

import asyncio
import socket
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from time import monotonic

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from hypothesis import given
from hypothesis import settings as how_often
from hypothesis import strategies as some

from notifications.mail_check.domain import check_domain, judge_key, parents_of, tags_of
from notifications.mail_check.finding import Finding
from notifications.mail_check.lookups import ALL_IN_ALL, open_lookups
from notifications.mail_check.spf import spf_finding
from tests.notifications.mail_check.cast import Zone, name_server, settings

DOMAIN = "sct.tinh.gov.example"
MX = {(DOMAIN, "MX"): ["10 mx1.gov.example.", "5 mx0.gov.example."]}
SPF = {(DOMAIN, "TXT"): ["google-site=1", "v=spf1 ip4:192.0.2.0/24 -all"]}
REJECT = {(f"_dmarc.{DOMAIN}", "TXT"): ["v=DMARC1; p=reject"]}


def server_of(resolver: str) -> tuple[str, int] | None:
    return settings(25, resolver=resolver).name_server


def look(zone: Zone, selector: str = "", refuses: bool = False) -> dict[str, Finding]:
    with name_server(zone, refuses) as resolver:
        found = asyncio.run(check_domain(DOMAIN, selector, server_of(resolver)))
    return {one.looked_at: one for one in found}


def key_record(bits: int) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key()
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={b64encode(der).decode()}"


@pytest.fixture(scope="module")
def key() -> str:
    return key_record(2048)


def test_a_domain_that_is_well(key: str) -> None:
    found = look(MX | SPF | REJECT | {(f"m1._domainkey.{DOMAIN}", "TXT"): [key]}, selector="m1")
    assert [one.code for one in found.values()] == ["mx_found", "spf_good", "dkim_good", "dmarc_good"]
    assert found["mx"].params["names"] == "mx0.gov.example, mx1.gov.example"
    assert found["dkim"].params["bits"] == 2048
    assert found["dmarc"].params["policy"] == "reject"


def test_a_domain_with_nothing_in_it() -> None:
    found = look({(DOMAIN, "NS"): ["ns.gov.example."]})
    assert [one.code for one in found.values()] == [
        "mx_none",
        "spf_missing",
        "dkim_not_looked_up",
        "dmarc_missing",
    ]
    assert not any(one.hinders for one in found.values())


def test_a_domain_that_does_not_exist_hinders() -> None:
    found = look({("gov.example", "NS"): ["ns.gov.example."]})
    assert [(one.code, one.hinders) for one in found.values()] == [("domain_unknown", True)]


@pytest.mark.parametrize(
    ("zone", "code"),
    [
        pytest.param({(DOMAIN, "MX"): ["0 ."]}, "mx_null", id="says that it takes no mail"),
        pytest.param({(DOMAIN, "A"): ["192.0.2.7"]}, "mx_by_address", id="an address and no MX"),
        pytest.param({(DOMAIN, "AAAA"): ["2001:db8::7"]}, "mx_by_address", id="an IPv6 address and no MX"),
    ],
)
def test_where_bounces_go(zone: Zone, code: str) -> None:
    assert look(zone)["mx"].code == code


def chain(length: int) -> dict[tuple[str, str], list[str]]:
    """A record that includes another, and so on: ``length`` look-ups in all."""
    names = [DOMAIN, *(f"s{n}.example" for n in range(1, length + 1))]
    zone = {(name, "TXT"): [f"v=spf1 include:{below} -all"] for name, below in pairwise(names)}
    return zone | {(names[-1], "TXT"): ["v=spf1 ip4:192.0.2.1 -all"]}


@pytest.mark.parametrize(
    ("records", "others", "code", "hinders"),
    [
        pytest.param(["v=spf1 mx ~all"], {}, "spf_good", False, id="a soft end"),
        pytest.param(["V=SPF1 MX -ALL"], {}, "spf_good", False, id="in capitals"),
        pytest.param(["v=spf10 -all"], {}, "spf_missing", False, id="another version is no SPF"),
        pytest.param(["v=spf1 mx"], {}, "spf_neutral", False, id="no end"),
        pytest.param(["v=spf1 mx ?all"], {}, "spf_neutral", False, id="a neutral end"),
        pytest.param(["v=spf1 mx +all"], {}, "spf_open", False, id="everybody may"),
        pytest.param(["v=spf1 mx all"], {}, "spf_open", False, id="everybody may, without a sign"),
        pytest.param(["v=spf1 -all"], {}, "spf_closed", True, id="nobody may"),
        pytest.param(["v=spf1 mx -all", "v=spf1 a -all"], {}, "spf_several", False, id="two records"),
        pytest.param(["v=spf1 ipv4:192.0.2.1 -all"], {}, "spf_unreadable", False, id="a misspelt mechanism"),
        pytest.param(["v=spf1 ip4:192.0.2.999 -all"], {}, "spf_unreadable", False, id="no address"),
        pytest.param(["v=spf1 ip6:192.0.2.1 -all"], {}, "spf_unreadable", False, id="of the other kind"),
        pytest.param(["v=spf1 include: -all"], {}, "spf_unreadable", False, id="includes nothing"),
        pytest.param(
            ["v=spf1 include:nowhere.example -all"], {}, "spf_include_missing", False, id="includes a void"
        ),
        pytest.param(
            ["v=spf1 redirect=spf.example"],
            {("spf.example", "TXT"): ["v=spf1 mx +all"]},
            "spf_open",
            False,
            id="the end of where it redirects to counts",
        ),
        pytest.param(
            ["v=spf1 include:spf.example -all"],
            {("spf.example", "TXT"): ["v=spf1 mx +all"]},
            "spf_good",
            False,
            id="the end of what it includes does not",
        ),
        pytest.param(
            [f"v=spf1 include:{DOMAIN} -all"], {}, "spf_many_lookups", False, id="includes itself for ever"
        ),
        pytest.param(
            [
                "v=spf1 a mx ptr exists:%{i}.example a:b.example mx:c.example a/24 exists:d.example"
                " a:e.example mx:f.example a:g.example -all"
            ],
            {},
            "spf_many_lookups",
            False,
            id="eleven look-ups side by side",
        ),
        pytest.param(["v=spf1 include:%{d}.example exp=x.example -all"], {}, "spf_good", False, id="a macro"),
    ],
)
def test_spf(records: Sequence[str], others: Zone, code: str, hinders: bool) -> None:
    found = look({**MX, **others, (DOMAIN, "TXT"): records})["spf"]
    assert (found.code, found.hinders) == (code, hinders)


@pytest.mark.parametrize(("length", "code"), [(10, "spf_good"), (11, "spf_many_lookups")])
def test_ten_look_ups_are_allowed_and_one_more_is_not(length: int, code: str) -> None:
    assert look(MX | chain(length))["spf"].code == code


@pytest.fixture(scope="module")
def any_record() -> Iterator[tuple[dict[tuple[str, str], list[str]], str]]:
    zone: dict[tuple[str, str], list[str]] = {}
    with name_server(zone) as resolver:
        yield zone, resolver


TERMS = some.sampled_from(
    ("all", "-all", "+all", "a", "mx:b.example", "ip4:192.0.2.1", "include:c.example", "x=y")
)


@how_often(max_examples=60, deadline=None)
@given(terms=some.lists(TERMS | some.text(max_size=8).filter(lambda text: "\x00" not in text), max_size=6))
def test_whatever_the_record_says_it_is_judged(
    any_record: tuple[dict[tuple[str, str], list[str]], str], terms: list[str]
) -> None:
    zone, resolver = any_record
    zone[DOMAIN, "TXT"] = [" ".join(["v=spf1", *terms])]

    async def judged() -> Finding:
        return await spf_finding(DOMAIN, open_lookups(server_of(resolver)))

    assert asyncio.run(judged()).looked_at == "spf"


@pytest.mark.parametrize(
    ("record", "code"),
    [
        pytest.param("", "dkim_missing", id="no record"),
        pytest.param("v=DKIM1; p=", "dkim_revoked", id="revoked"),
        pytest.param("v=DKIM1; p=!!!", "dkim_unreadable", id="no base64"),
        pytest.param("v=DKIM1; p=AAAA", "dkim_unreadable", id="no key"),
        pytest.param("hello", "dkim_unreadable", id="no key record at all"),
        pytest.param("v=DKIM1; k=ed25519; p=" + b64encode(bytes(31)).decode(), "dkim_unreadable", id="cut"),
    ],
)
def test_dkim_keys_that_are_of_no_use(record: str, code: str) -> None:
    zone = {(f"m1._domainkey.{DOMAIN}", "TXT"): [record]} if record else {}
    found = look(MX | SPF | zone, selector="m1")["dkim"]
    assert (found.code, found.params["name"]) == (code, f"m1._domainkey.{DOMAIN}")


def test_dkim_keys_by_kind_and_length(key: str) -> None:
    raw = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    assert judge_key("m", tags_of(f"k=ed25519; p={b64encode(raw).decode()}")).code == "dkim_good"
    assert judge_key("m", tags_of(key.replace("k=rsa", "t=s:y"))).code == "dkim_testing"
    short = judge_key("m", tags_of(key_record(1024)))
    assert (short.code, short.params["bits"]) == ("dkim_short", 1024)


@pytest.mark.parametrize(
    ("zone", "code", "name", "policy"),
    [
        pytest.param(
            {f"_dmarc.{DOMAIN}": "v=DMARC1; p=none; rua=mailto:d@gov.example"},
            "dmarc_watches",
            DOMAIN,
            "none",
            id="its own, which only watches",
        ),
        pytest.param(
            {f"_dmarc.{DOMAIN}": "v=DMARC1; rua=mailto:d@gov.example"},
            "dmarc_watches",
            DOMAIN,
            "none",
            id="reports and no policy mean none",
        ),
        pytest.param(
            {f"_dmarc.{DOMAIN}": "v=DMARC1; p=block"}, "dmarc_unreadable", DOMAIN, "", id="no policy"
        ),
        pytest.param(
            {"_dmarc.tinh.gov.example": "v=DMARC1; p=reject; sp=quarantine"},
            "dmarc_good",
            "tinh.gov.example",
            "quarantine",
            id="of the organisation, for domains below it",
        ),
        pytest.param(
            {
                "_dmarc.tinh.gov.example": "v=DMARC1; p=reject",
                "_dmarc.gov.example": "v=DMARC1; p=none; psd=y",
            },
            "dmarc_good",
            "tinh.gov.example",
            "reject",
            id="a public suffix above the organisation is not it",
        ),
        pytest.param(
            {"_dmarc.gov.example": "v=DMARC1; p=quarantine; psd=y"},
            "dmarc_good",
            "gov.example",
            "quarantine",
            id="a public suffix's own where there is no other",
        ),
        pytest.param(
            {
                "_dmarc.tinh.gov.example": "v=DMARC1; p=reject; psd=n",
                "_dmarc.gov.example": "v=DMARC1; p=none",
            },
            "dmarc_good",
            "tinh.gov.example",
            "reject",
            id="one that says it is the organisation",
        ),
    ],
)
def test_which_dmarc_record_counts(zone: Mapping[str, str], code: str, name: str, policy: str) -> None:
    found = look(MX | SPF | {(at, "TXT"): [text] for at, text in zone.items()})["dmarc"]
    assert (found.code, found.params["name"]) == (code, f"_dmarc.{name}")
    assert found.params.get("policy", "") == policy


def test_two_dmarc_records_are_one_too_many() -> None:
    found = look(MX | SPF | {(f"_dmarc.{DOMAIN}", "TXT"): ["v=DMARC1; p=none", "v=DMARC1; p=reject"]})
    assert found["dmarc"].code == "dmarc_several"


@pytest.mark.parametrize(
    ("zone", "selector", "code", "hinders"),
    [
        pytest.param({}, "m1", "dmarc_refuses", True, id="neither SPF nor DKIM: letters are refused"),
        pytest.param({}, "", "dmarc_unproven", False, id="no SPF, and DKIM not known"),
        pytest.param(SPF, "m1", "dmarc_good", False, id="SPF alone does"),
        pytest.param({(f"m1._domainkey.{DOMAIN}", "TXT"): ["key"]}, "m1", "dmarc_good", False, id="DKIM too"),
    ],
)
def test_a_strict_policy_asks_for_something_to_check_by(
    zone: Zone, selector: str, code: str, hinders: bool, key: str
) -> None:
    given_key = {at: [key] if records == ["key"] else records for at, records in zone.items()}
    found = look(MX | REJECT | given_key, selector)["dmarc"]
    assert (found.code, found.hinders) == (code, hinders)


def test_names_above_a_domain_are_few() -> None:
    assert parents_of("a.b.example") == ["b.example", "example"]
    assert len(parents_of("a.b.c.d.e.f.g.h.i.j.example")) == 7
    assert parents_of("example") == []


def test_a_name_server_that_says_nothing_is_a_sentence_after_five_seconds_at_most() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        began = monotonic()
        (one,) = asyncio.run(check_domain(DOMAIN, "", silent.getsockname()))
    assert monotonic() - began < ALL_IN_ALL + 1
    assert (one.code, one.hinders) == ("resolver_silent", False)


def test_a_name_server_that_refuses_is_none() -> None:
    found = look(MX | SPF, refuses=True)
    assert [(one.code, one.hinders) for one in found.values()] == [("resolver_silent", False)]


@pytest.mark.parametrize(
    ("resolver", "server"),
    [
        pytest.param("10.0.0.2", ("10.0.0.2", 53), id="an address"),
        pytest.param("127.0.0.1:5353", ("127.0.0.1", 5353), id="an address and a port"),
        pytest.param("2001:db8::1", ("2001:db8::1", 53), id="an IPv6 address"),
        pytest.param("[::1]:5353", ("::1", 5353), id="an IPv6 address and a port"),
    ],
)
def test_a_resolver_is_named_by_address(resolver: str, server: tuple[str, int]) -> None:
    assert server_of(resolver) == server
