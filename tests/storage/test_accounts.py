"""Accounts as they are kept: nothing in them signs anybody in; limits, links, sessions, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from storage import accounts, attempts, one_time_links, sessions
from storage.accounts import AccountRefused, By
from storage.attempts import Closed, Outcome, Who, address_of, who_of
from storage.engine import open_engine, read, write
from storage.one_time_links import Cause, LinkVoid
from storage.organisations import create_organisation
from storage.password_hashes import PasswordHashes
from storage.sign_in_policy import SignInPolicy
from tests.cheap_hashes import cheap_hashes
from tests.storage.cast import DIRECTORY, at

NOW = at(date(2022, 10, 18), 9)
QUARTER = timedelta(minutes=15)
POLICY = SignInPolicy()
BY = By(code="lan", at=NOW)
TOKEN = "t" * 43


@pytest.fixture
def office(sqlite_engine: Engine) -> int:
    return made(sqlite_engine)


def made(engine: Engine) -> int:
    with write(engine) as session:
        office = create_organisation(session, DIRECTORY, simulated=True, at=NOW)
        accounts.admit(session, office.id, "hung", by=BY)
        return office.id


# Hashes


def test_a_hash_is_argon2id_and_renewed_when_the_parameters_change() -> None:
    old, new = cheap_hashes(), cheap_hashes(2)
    kept = old.hashed("rừng bàng trăng sách")
    assert kept.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert old.check(kept, "rừng bàng trăng sách").renewed is None
    checked = new.check(kept, "rừng bàng trăng sách")
    assert checked.right
    assert checked.renewed is not None
    assert new.check(checked.renewed, "rừng bàng trăng sách") == type(checked)(right=True)
    assert not new.check(kept, "rừng bàng trăng").right
    assert new.check(kept, "rừng bàng trăng").renewed is None


def test_the_default_costs_what_rfc_9106_asks_for() -> None:
    from argon2.profiles import RFC_9106_LOW_MEMORY

    assert (RFC_9106_LOW_MEMORY.memory_cost, RFC_9106_LOW_MEMORY.time_cost) == (64 * 1024, 3)
    assert PasswordHashes()._hasher.memory_cost == 64 * 1024


@pytest.mark.parametrize(
    ("kept", "password"),
    [
        pytest.param(None, "rừng bàng trăng sách", id="nobody of that name"),
        pytest.param("there", None, id="a password that cannot be one"),
        pytest.param("no hash", "rừng bàng trăng sách", id="a hash nobody can read"),
    ],
)
def test_a_password_is_verified_also_where_there_is_none(
    kept: str | None, password: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes = cheap_hashes()
    kept = hashes.hashed("x") if kept == "there" else kept
    verified: list[str] = []
    inner = hashes._verify
    monkeypatch.setattr(hashes, "_verify", lambda kept, words: verified.append(kept) or inner(kept, words))
    assert not hashes.check(kept, password).right
    assert len(verified) == 1


def test_nobodys_password_is_not_the_empty_one() -> None:
    assert not cheap_hashes().check(None, "nobody's").right


# What the database holds


def test_the_database_holds_no_token_and_no_password(sqlite_engine: Engine, office: int) -> None:
    password = "rừng bàng trăng sách"
    with write(sqlite_engine) as session:
        accounts.set_password(session, office, "hung", cheap_hashes().hashed(password), by=BY)
        began(session, office)
        who = who_of(password, None, "10.0.0.7", ["k" * 32])
        attempts.begin(session, office, who, at=NOW)
    with read(sqlite_engine) as session:
        rows = [
            repr(tuple(row))
            for table in ("account", "account_session", "account_link", "sign_in_attempt", "account_event")
            for row in session.execute(text(f"SELECT * FROM {table}"))
        ]
    assert len(rows) == 5
    assert not [row for row in rows if TOKEN in row or password in row]


def began(session: object, office: int, token: str = TOKEN, moment: datetime = NOW) -> int:
    return sessions.begin(
        session,  # type: ignore[arg-type]
        office,
        "hung",
        token,
        way="password",
        address="10.0.0.7",
        policy=POLICY,
        at=moment,
    )


def test_the_record_of_accounts_cannot_be_rewritten(engine: Engine) -> None:
    office = made(engine)
    for change in ("UPDATE account_event SET by = 'x'", "DELETE FROM account_event"):
        with pytest.raises(DBAPIError), write(engine) as session:
            session.execute(text(change))
    with read(engine) as session:
        (event,) = accounts.events_of(session, office, "hung")
    assert (event.kind, event.by, event.at) == ("made", "lan", NOW)


# Limits


HUNG = Who(account="h", address="10.0.0.7", person="hung")


def fail(engine: Engine, office: int, times: int, who: Who = HUNG, moment: datetime = NOW) -> None:
    with write(engine) as session:
        for _ in range(times):
            number = attempts.begin(session, office, who, at=moment)
            attempts.came_to(session, number, Outcome.WRONG)


def closed(engine: Engine, office: int, who: Who = HUNG, moment: datetime = NOW) -> Closed | None:
    with read(engine) as session:
        return attempts.closed(session, office, who, policy=POLICY, at=moment)


def test_five_failures_close_one_account_from_one_address_for_a_quarter_of_an_hour(engine: Engine) -> None:
    office = made(engine)
    fail(engine, office, 4)
    assert closed(engine, office) is None
    fail(engine, office, 1, moment=NOW + timedelta(minutes=5))
    until = NOW + timedelta(minutes=20)
    assert closed(engine, office, moment=NOW + timedelta(minutes=6)) == Closed(until=until)
    assert closed(engine, office, moment=until - timedelta(seconds=1)) == Closed(until=until)
    assert closed(engine, office, moment=until) is None
    elsewhere = Who(account="h", address="10.0.0.8")
    assert closed(engine, office, elsewhere, NOW + timedelta(minutes=6)) is None


def test_failures_far_apart_close_nothing(sqlite_engine: Engine, office: int) -> None:
    for number in range(5):
        fail(sqlite_engine, office, 1, moment=NOW + number * timedelta(minutes=4))
    assert closed(sqlite_engine, office, moment=NOW + timedelta(minutes=17)) is None


def test_a_sign_in_that_went_well_begins_the_count_anew(sqlite_engine: Engine, office: int) -> None:
    fail(sqlite_engine, office, 4)
    with write(sqlite_engine) as session:
        attempts.record(session, office, HUNG, Outcome.SIGNED_IN, at=NOW)
    fail(sqlite_engine, office, 4)
    assert closed(sqlite_engine, office) is None
    fail(sqlite_engine, office, 1)
    assert closed(sqlite_engine, office) is not None


def test_thirty_failures_close_an_address_whatever_accounts_it_tries(
    sqlite_engine: Engine, office: int
) -> None:
    for number in range(15):
        fail(sqlite_engine, office, 2, Who(account=str(number), address="10.0.0.9"))
    with write(sqlite_engine) as session:  # an account of one's own does not open it again
        attempts.record(session, office, Who(account="mine", address="10.0.0.9"), Outcome.SIGNED_IN, at=NOW)
    assert closed(sqlite_engine, office, Who(account="new", address="10.0.0.9")) == Closed(
        until=NOW + QUARTER
    )
    assert closed(sqlite_engine, office, Who(account="new", address="10.0.0.10")) is None


def test_a_hundred_in_a_row_ask_for_a_reset_which_opens_it(sqlite_engine: Engine, office: int) -> None:
    for number in range(25):
        fail(sqlite_engine, office, 4, Who(account="h", address=f"10.1.0.{number}"))
    later = NOW + timedelta(days=30)
    assert closed(sqlite_engine, office, moment=later) == Closed()
    with write(sqlite_engine) as session:
        attempts.record(session, office, HUNG, Outcome.BY_LINK, at=later)
    assert closed(sqlite_engine, office, moment=later) is None


def test_an_attempt_whose_process_died_counts_and_only_earlier_ones_judge_it(
    sqlite_engine: Engine, office: int
) -> None:
    with write(sqlite_engine) as session:
        numbers = [attempts.begin(session, office, HUNG, at=NOW) for _ in range(6)]
    with read(sqlite_engine) as session:
        judged = [
            attempts.closed(session, office, HUNG, policy=POLICY, at=NOW, before=number) for number in numbers
        ]
    assert [each is None for each in judged] == [True] * 5 + [False]


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_one_machine_has_one_address(client: str, counted: str) -> None:
    assert address_of(client) == counted


def test_whom_an_attempt_is_of_is_kept_as_a_keyed_digest() -> None:
    keys = ["k" * 32]
    by_address, by_code = (who_of(name, "hung", "a", keys) for name in ("hung@sct.example.vn", "HUNG"))
    assert by_address == by_code
    strangers = {who_of(name, None, "a", keys).account for name in ("hung", "Hung", "x")}
    assert len(strangers) == 2
    assert who_of("x", None, "a", ["l" * 32]).account not in strangers


def test_names_nobody_bears_are_forgotten_and_people_are_not(sqlite_engine: Engine, office: int) -> None:
    fail(sqlite_engine, office, 1, Who(account="x", address="10.0.0.9"))
    fail(sqlite_engine, office, 1)
    with write(sqlite_engine) as session:
        attempts.forget_before(session, office, NOW + QUARTER)
        assert session.execute(text("SELECT person FROM sign_in_attempt")).scalars().all() == ["hung"]


# One-time links


def new_link(engine: Engine, office: int) -> tuple[int, int]:
    with write(engine) as session:
        until = NOW + one_time_links.HOLDS
        row = one_time_links.make(session, office, "hung", Cause.RESET, by="lan", at=NOW, until=until)
        return row.id, one_time_links.stamp(row.made_at)


def use(engine: Engine, office: int, link: tuple[int, int], moment: datetime) -> str:
    try:
        with write(engine) as session:
            row = one_time_links.link_or_refuse(session, office, *link, at=moment)
            one_time_links.use(session, row, at=moment)
    except LinkVoid as refused:
        return refused.code
    return "used"


def lock(engine: Engine, office: int) -> None:
    with write(engine) as session:
        accounts.lock(session, office, "hung", by=BY)


def set_by_other_way(engine: Engine, office: int) -> None:
    with write(engine) as session:
        accounts.set_password(session, office, "hung", "$other", by=BY)


def nothing(engine: Engine, office: int) -> None:
    """Nothing happened to it."""


@pytest.mark.parametrize(
    ("happened", "later", "outcome"),
    [
        pytest.param(nothing, timedelta(hours=23), "used", id="it holds for a day"),
        pytest.param(nothing, timedelta(hours=24), "account_link_over", id="and no longer"),
        pytest.param(lock, QUARTER, "account_link_void", id="the account was locked"),
        pytest.param(
            set_by_other_way, QUARTER, "account_link_void", id="the password was set by another way"
        ),
    ],
)
def test_a_link_holds_a_day_and_not_beyond_what_happened(
    sqlite_engine: Engine,
    office: int,
    happened: Callable[[Engine, int], None],
    later: timedelta,
    outcome: str,
) -> None:
    link = new_link(sqlite_engine, office)
    happened(sqlite_engine, office)
    assert use(sqlite_engine, office, link, NOW + later) == outcome


def test_a_link_is_used_once(sqlite_engine: Engine, office: int) -> None:
    link = new_link(sqlite_engine, office)
    assert use(sqlite_engine, office, link, NOW) == "used"
    assert use(sqlite_engine, office, link, NOW) == "account_link_used"


def test_a_link_whose_letter_was_not_posted_is_no_link_yet(sqlite_engine: Engine, office: int) -> None:
    with write(sqlite_engine) as session:
        row = one_time_links.make(session, office, "hung", Cause.RESET, by="hung", at=NOW, until=None)
    link = (row.id, one_time_links.stamp(row.made_at))
    assert use(sqlite_engine, office, link, NOW) == "account_link_over"
    with write(sqlite_engine) as session:
        found = session.get_one(type(row), row.id)
        one_time_links.posted(session, found, at=NOW + timedelta(days=3))
    assert use(sqlite_engine, office, link, NOW + timedelta(days=3, hours=23)) == "used"


def test_a_token_of_before_a_restored_backup_opens_no_row_of_the_same_number(
    sqlite_engine: Engine, office: int
) -> None:
    number, made_then = new_link(sqlite_engine, office)
    assert use(sqlite_engine, office, (number, made_then - 1), NOW) == "account_link_unknown"
    assert use(sqlite_engine, office, (number + 1, made_then), NOW) == "account_link_unknown"
    assert use(sqlite_engine, office + 1, (number, made_then), NOW) == "account_link_unknown"


def test_of_many_processes_one_gets_the_link(engine: Engine) -> None:
    office = made(engine)
    link = new_link(engine, office)
    url = engine.url.render_as_string(hide_password=False)
    start, racers = Barrier(4), 4

    def race(_: int) -> str:
        own = open_engine(url)
        try:
            with read(own) as session:
                row = one_time_links.link_or_refuse(session, office, *link, at=NOW)
            start.wait()
            try:
                with write(own) as session:
                    one_time_links.use(session, row, at=NOW)
                    accounts.set_password(session, office, "hung", "$mine", by=BY)
            except LinkVoid as refused:
                return refused.code
            return "used"
        finally:
            own.dispose()

    with ThreadPoolExecutor(racers) as pool:
        found = list(pool.map(race, range(racers)))
    assert sorted(found) == ["account_link_used"] * 3 + ["used"]
    with read(engine) as session:
        kinds = [event.kind for event in accounts.events_of(session, office, "hung")]
    assert kinds == ["password_set", "made"]


# Sessions and locks


@pytest.mark.parametrize(
    ("used", "asked", "holds"),
    [
        pytest.param(timedelta(0), timedelta(hours=3, minutes=59), True, id="not used for under four hours"),
        pytest.param(timedelta(0), timedelta(hours=4), False, id="not used for four hours"),
        pytest.param(timedelta(hours=11), timedelta(hours=11, minutes=59), True, id="used all day"),
        pytest.param(timedelta(hours=11), timedelta(hours=12), False, id="twelve hours old"),
    ],
)
def test_a_session_idles_out_and_ages_out(
    engine: Engine, used: timedelta, asked: timedelta, holds: bool
) -> None:
    office = made(engine)
    with write(engine) as session:
        number = began(session, office)
        sessions.seen(session, number, at=NOW + used)
    with read(engine) as session:
        found = sessions.find(session, office, TOKEN, policy=POLICY, at=NOW + asked)
    assert (found is not None) is holds


def test_a_session_is_of_one_organisation(sqlite_engine: Engine, office: int) -> None:
    with write(sqlite_engine) as session:
        began(session, office)
        assert sessions.find(session, office, TOKEN, policy=POLICY, at=NOW) is not None
        assert sessions.find(session, office + 1, TOKEN, policy=POLICY, at=NOW) is None


def test_a_locked_account_has_no_session_and_can_be_opened_again(sqlite_engine: Engine, office: int) -> None:
    with write(sqlite_engine) as session:
        began(session, office)
        accounts.lock(session, office, "hung", by=BY)
        accounts.unlock(session, office, "hung", by=BY)
        assert sessions.find(session, office, TOKEN, policy=POLICY, at=NOW) is None
        kinds = [event.kind for event in accounts.events_of(session, office, "hung")]
    assert kinds == ["unlocked", "locked", "made"]


def test_sessions_long_over_are_forgotten_with_their_addresses(sqlite_engine: Engine, office: int) -> None:
    with write(sqlite_engine) as session:
        began(session, office)
        began(session, office, "u" * 43, NOW + timedelta(days=30))
        sessions.forget_before(session, office, NOW + timedelta(days=1))
        assert session.execute(text("SELECT count(*) FROM account_session")).scalar_one() == 1


@pytest.mark.parametrize(
    ("do", "why"),
    [
        pytest.param(
            lambda session, office: accounts.lock(session, office, "lan", by=BY), "account_own", id="own"
        ),
        pytest.param(
            lambda session, office: accounts.lock(session, office, "binh", by=BY), "account_none", id="none"
        ),
        pytest.param(
            lambda session, office: accounts.unlock(session, office, "hung", by=BY),
            "account_not_locked",
            id="not locked",
        ),
        pytest.param(
            lambda session, office: accounts.first_administrator(session, office),
            "account_no_administrator",
            id="nobody who could be the first",
        ),
    ],
)
def test_what_cannot_be_done_to_an_account_is_said(
    sqlite_engine: Engine, office: int, do: Callable[[object, int], object], why: str
) -> None:
    with pytest.raises(AccountRefused) as refused, write(sqlite_engine) as session:
        do(session, office)
    assert refused.value.code == why


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hung@sct.example.vn", "hung"),
        (" HUNG@SCT.example.vn ", "hung"),
        ("Hung", "hung"),
        ("binh", "binh"),
        ("ai", None),
        ("", None),
    ],
)
def test_people_are_found_by_address_or_code(
    sqlite_engine: Engine, office: int, typed: str, found: str | None
) -> None:
    with read(sqlite_engine) as session:
        person = accounts.person_named(session, office, typed)
    assert (person.code if person else None) == found
