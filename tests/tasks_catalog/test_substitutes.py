"""Who reads for whom: substitutes, their substitutes, circles, and who is next where nobody is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks_catalog.absence import Absence
from tasks_catalog.audience import Audience, readers_of
from tasks_catalog.facts import Share
from tasks_catalog.occurrence import Role, ShareKey
from tasks_catalog.people import Directory, Person, Post, Unit
from tasks_catalog.substitutes import Line, Receiver, reader_instead, receiver_of, substitute_of

FIRST, LAST = date(2022, 11, 1), date(2022, 11, 5)
DAY = date(2022, 11, 3)
POSTS = {
    "binh": ("TM", Post.OFFICER),
    "an": ("TM", Post.OFFICER),
    "hanh": ("TM", Post.HEAD),
    "truc": ("VP", Post.COORDINATOR),
    "tung": ("BGD", Post.DEPUTY_DIRECTOR),
    "bach": ("BGD", Post.DIRECTOR),
}
OFFICE = Directory(
    organisation="so",
    name="Sở Công Thương",
    units=(Unit(code="TM", name="Phòng Thương mại"), Unit(code="BGD", name="Ban Giám đốc")),
    people=tuple(
        Person(code=code, name=code, email=f"{code}@example.vn", unit=unit, post=post, in_charge=True)
        for code, (unit, post) in POSTS.items()
    ),
    focal_points={"TM": "an"},
)
OFFICERS_LINE = Line("binh", Audience.OWNER, "officer", "TM", "binh")
FOCAL_POINTS_LINE = Line("an", Audience.OWNER, "focal_point", "TM", None)
HEADS_LINE = Line("hanh", Audience.HEAD, "head", "TM", None)


def away(**substitutes: str | None) -> Directory:
    """Return the office with people away for the same days, each with the substitute named, or none."""
    absences = (
        Absence(person=person, first=FIRST, last=LAST, substitute=substitute)
        for person, substitute in substitutes.items()
    )
    return replace(OFFICE, absences=tuple(absences))


@pytest.mark.parametrize(
    ("line", "directory", "reader", "route"),
    [
        pytest.param(OFFICERS_LINE, away(), "binh", "officer", id="nobody away: the one it is meant for"),
        pytest.param(OFFICERS_LINE, away(binh="an"), "an", "substitute", id="the substitute named"),
        pytest.param(
            OFFICERS_LINE, away(binh="an", an="hanh"), "hanh", "substitute", id="the substitute's substitute"
        ),
        pytest.param(OFFICERS_LINE, away(binh=None), "an", "focal_point", id="none named: the focal point"),
        pytest.param(OFFICERS_LINE, away(binh=None, an=None), "hanh", "head", id="then the head"),
        pytest.param(
            OFFICERS_LINE,
            away(binh=None, an="tung"),
            "tung",
            "focal_point",
            id="or who stands in for the next",
        ),
        pytest.param(
            OFFICERS_LINE,
            away(binh=None, an=None, hanh=None),
            "truc",
            "fallback",
            id="at last the coordinator, who minds it",
        ),
        pytest.param(
            OFFICERS_LINE, away(binh="an", an="binh"), "hanh", "head", id="a circle: the next of the route"
        ),
        pytest.param(
            OFFICERS_LINE,
            away(binh=None, an=None, hanh=None, truc=None),
            "truc",
            "fallback",
            id="everybody away: the coordinator all the same",
        ),
        pytest.param(FOCAL_POINTS_LINE, away(an=None), "hanh", "head", id="the focal point away: the head"),
        pytest.param(HEADS_LINE, away(hanh="tung"), "tung", "substitute", id="the head's substitute"),
        pytest.param(HEADS_LINE, away(hanh=None), "truc", "one_up", id="the head away: one level up"),
        pytest.param(HEADS_LINE, away(hanh=None, truc="bach"), "bach", "one_up", id="or who reads up there"),
        pytest.param(
            HEADS_LINE, away(hanh="an"), "truc", "one_up", id="nobody is told above himself of his own work"
        ),
        pytest.param(
            HEADS_LINE, away(an="hanh"), "hanh", "head", id="a head who also works on it keeps his own line"
        ),
        pytest.param(
            Line("bach", Audience.DIRECTOR, "director", "TM", None),
            away(bach=None),
            "bach",
            "director",
            id="nobody is above the director: it waits for him",
        ),
    ],
)
def test_who_reads(line: Line, directory: Directory, reader: str, route: str) -> None:
    found = receiver_of(line, directory, DAY)
    assert found is not None
    assert (found.person.code, found.route) == (reader, route)
    assert (found.absence is None) == (line.person not in {a.person for a in directory.absences})


@pytest.mark.parametrize(
    ("day", "back_on", "reader"),
    [
        pytest.param(date(2022, 10, 31), None, "an", id="the day before"),
        pytest.param(FIRST, None, "hanh", id="the first day"),
        pytest.param(LAST, None, "hanh", id="the last day"),
        pytest.param(date(2022, 11, 6), None, "an", id="the day after"),
        pytest.param(date(2022, 11, 2), date(2022, 11, 3), "hanh", id="back early: the day before"),
        pytest.param(date(2022, 11, 3), date(2022, 11, 3), "an", id="back early: that day"),
        pytest.param(FIRST, FIRST, "an", id="called off"),
    ],
)
def test_an_absence_holds_from_its_first_day_to_its_last(
    day: date, back_on: date | None, reader: str
) -> None:
    absence = Absence(person="an", first=FIRST, last=LAST, substitute="hanh", back_on=back_on)
    found = receiver_of(FOCAL_POINTS_LINE, replace(OFFICE, absences=(absence,)), day)
    assert found is not None
    assert found.person.code == reader


def test_a_letter_that_is_no_digest_goes_to_the_substitute_and_a_unit_s_to_its_head() -> None:
    truc, an = OFFICE.person("truc"), OFFICE.person("an")
    assert truc is not None
    assert an is not None
    assert reader_instead(truc, away(truc="binh"), DAY).person.code == "binh"
    assert reader_instead(truc, away(truc=None), DAY) == Receiver(truc, "")
    assert reader_instead(an, away(an=None), DAY, unit="TM").person.code == "hanh"
    assert reader_instead(an, away(an=None, hanh=None), DAY, unit="TM") == Receiver(an, "")


def test_a_substitute_who_has_left_stands_in_for_nobody() -> None:
    office = away(an="binh")
    left = replace(office, people=tuple(replace(p, active=p.code != "binh") for p in office.people))
    an = left.person("an")
    assert an is not None
    assert substitute_of(an, left, DAY) is None


# --- whatever absences there are ------------------------------------------------------------------

people = st.sampled_from(sorted(POSTS))
spans = st.tuples(st.integers(0, 8), st.integers(0, 5))
some_absences = st.lists(
    st.builds(
        lambda person, span, substitute, back: Absence(
            person=person,
            first=FIRST + timedelta(days=span[0]),
            last=FIRST + timedelta(days=span[0] + span[1]),
            substitute=substitute,
            back_on=None if back is None else FIRST + timedelta(days=back),
        ),
        people,
        spans,
        st.none() | people,
        st.none() | st.integers(0, 12),
    ),
    max_size=10,
)


@given(
    absences=some_absences, officer=st.none() | people, day=st.integers(0, 14), post=st.sampled_from(Audience)
)
def test_every_line_has_one_reader_who_is_at_work_unless_nobody_could_be(
    absences: list[Absence], officer: str | None, day: int, post: Audience
) -> None:
    directory, on = replace(OFFICE, absences=tuple(absences)), FIRST + timedelta(days=day)
    share = Share(
        key=ShareKey("1/KH/1", "2022-11-15", "TM"),
        role=Role.CO_OWNER if post is Audience.CO_OWNER else Role.OWNER,
        due=date(2022, 11, 15),
        lapses=date(2022, 11, 15),
        first_due=date(2022, 11, 15),
        epoch_began=FIRST,
        officer=officer,
    )
    for meant in readers_of(post, share, directory):
        line = Line(meant.person.code, meant.audience, meant.route, "TM", officer)
        found = receiver_of(line, directory, on)
        assert found is not None
        if directory.absence_of(meant.person.code, on) is None:
            assert found == Receiver(meant.person, meant.route)
        elif directory.absence_of(found.person.code, on) is not None:
            own = post in (Audience.OWNER, Audience.CO_OWNER)
            last = directory.coordinator() if own else meant.person
            assert found.person == last  # nobody who could stand in is at work
