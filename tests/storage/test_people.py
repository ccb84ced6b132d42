"""The directory comes back as it was saved, and nobody is ever deleted."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from storage.engine import read, write
from storage.organisations import create_organisation, is_simulated, only_organisation
from storage.people import EmailTaken, load_directory, save_directory
from tasks_catalog.people import Directory, Person
from tasks_catalog.problem import Refused
from tests.storage.cast import DIRECTORY, ISSUED, at, set_up


def saved(engine: Engine, *directories: Directory) -> Directory:
    with write(engine) as session:
        office = set_up(session)
        for directory in directories:
            save_directory(session, office, directory)
    with read(engine) as session:
        return load_directory(session, office)


def test_what_is_loaded_equals_what_was_saved(engine: Engine) -> None:
    assert saved(engine) == DIRECTORY


def test_saving_twice_changes_nothing(engine: Engine) -> None:
    assert saved(engine, DIRECTORY, DIRECTORY) == DIRECTORY


def test_names_typed_in_decomposed_form_are_kept_composed(engine: Engine) -> None:
    decomposed = replace(
        DIRECTORY,
        units=tuple(
            replace(
                unit,
                name=unicodedata.normalize("NFD", unit.name),
                aliases=tuple(unicodedata.normalize("NFD", alias) for alias in unit.aliases),
            )
            for unit in DIRECTORY.units
        ),
        people=tuple(
            replace(person, name=unicodedata.normalize("NFD", person.name)) for person in DIRECTORY.people
        ),
    )
    assert decomposed != DIRECTORY
    assert saved(engine, decomposed) == DIRECTORY


def test_people_no_longer_listed_become_inactive_and_stay_known(engine: Engine) -> None:
    lan, hung, binh = DIRECTORY.people
    found = saved(engine, replace(DIRECTORY, people=(binh, lan)))
    assert found.people == (binh, lan, replace(hung, active=False))


def test_renamed_units_lose_the_aliases_taken_from_them(engine: Engine) -> None:
    office, *others = DIRECTORY.units
    renamed = replace(DIRECTORY, units=(replace(office, name="Văn phòng", aliases=()), *others))
    assert saved(engine, renamed) == renamed


def test_two_people_may_swap_addresses(engine: Engine) -> None:
    lan, hung, binh = DIRECTORY.people
    swapped = replace(
        DIRECTORY, people=(replace(lan, email=hung.email), replace(hung, email=lan.email), binh)
    )
    assert saved(engine, swapped) == swapped


def test_two_active_people_cannot_share_an_address(engine: Engine) -> None:
    lan, hung, binh = DIRECTORY.people
    shared = replace(DIRECTORY, people=(lan, replace(hung, email="LAN@sct.example.vn"), binh))
    with pytest.raises(EmailTaken) as refused:
        saved(engine, shared)
    assert refused.value.params == {"email": "LAN@sct.example.vn", "name": hung.name, "holder": lan.name}


def test_a_successor_takes_over_the_address_of_one_who_left(engine: Engine) -> None:
    lan, hung, binh = DIRECTORY.people
    new = Person(code="mai", name="Vũ Mai", email=lan.email, unit="vp")
    found = saved(engine, replace(DIRECTORY, people=(new, hung, binh)))
    assert [(person.code, person.active) for person in found.people] == [
        ("mai", True),
        ("hung", True),
        ("binh", True),
        ("lan", False),
    ]


def test_a_database_without_an_office_says_so(engine: Engine) -> None:
    with read(engine) as session, pytest.raises(Refused) as refused:
        only_organisation(session)
    assert refused.value.code == "no_office"


def test_a_database_holds_one_office(engine: Engine) -> None:
    with write(engine) as session:
        set_up(session)
        assert is_simulated(only_organisation(session))
        with pytest.raises(Refused) as refused:
            create_organisation(session, DIRECTORY, simulated=False, at=at(ISSUED))
    assert refused.value.code == "office_exists"
