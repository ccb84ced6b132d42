"""Is a directory fit to send mail by: faults refuse it, gaps are shown.

A fault would send a letter astray or make a name mean two units; all are collected before the
directory is refused. A gap (no head, no focal point) only moves letters one level up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tasks_catalog.people import CLOSED, Directory, Person, Post, names_of
from tasks_catalog.problem import Problem, Refused, Weight
from tasks_catalog.unit_names import name_key


class DirectoryRefused(Refused):
    """A directory with faults; ``code`` is the first one's, ``problems`` holds every one."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems[0].code, **problems[0].params)
        self.problems = problems


def check_directory(directory: Directory) -> tuple[Problem, ...]:
    """Return the gaps of a directory; raise ``DirectoryRefused`` when it has faults."""
    faults = tuple(faults_of(directory))
    if faults:
        raise DirectoryRefused(faults)
    return tuple(gaps_of(directory))


def faults_of(directory: Directory, looked_at: Iterable[Person] | None = None) -> Iterator[Problem]:
    """Yield what must be put right before the directory is used.

    Of ``looked_at`` alone the addresses are read anew, where the others' have been before.
    """
    if not directory.units:
        yield Problem(code="directory_without_units")
    yield from _codes_twice(directory)
    yield from _names_twice(directory)
    yield from _strangers(directory)
    yield from _addresses_wrong(directory.people if looked_at is None else looked_at)
    yield from _addresses_twice(directory.people)


def gaps_of(directory: Directory) -> Iterator[Problem]:
    """Yield what moves letters one level up: posts nobody active holds, and posts held twice.

    And groups that stand for nobody yet: rows they alone own ask who owns them.
    """
    if directory.coordinator() is None:
        yield Problem(code="coordinator_missing")
    for code, holder in (
        ("deputy_in_charge_missing", directory.deputy_in_charge()),
        ("director_missing", directory.director()),
    ):
        if holder is None:
            yield Problem(code=code, weight=Weight.NOTE)
    for unit in directory.units:
        if unit.kind == CLOSED:
            continue
        for code, person in (
            ("unit_without_head", directory.head_of(unit.code)),
            ("unit_without_focal_point", directory.focal_of(unit.code)),
        ):
            if person is None:
                yield Problem(code=code, params={"unit": unit.name}, weight=Weight.NOTE)
    for group in directory.groups:
        if not group.members:
            yield Problem(code="group_without_members", params={"group": group.name}, weight=Weight.NOTE)
    yield from _posts_twice(directory)


def _codes_twice(directory: Directory) -> Iterator[Problem]:
    owners = [(owner.code, owner.name) for owner in directory.owners]
    for holders in (owners, [(person.code, person.name) for person in directory.people]):
        for code, names in _gathered(holders).items():
            if len(names) > 1:
                yield Problem(code="code_used_twice", params={"key": code, "names": "; ".join(names)})


def _names_twice(directory: Directory) -> Iterator[Problem]:
    spelled = (
        (key, owner.name)
        for owner in directory.owners
        for key in dict.fromkeys(map(name_key, names_of(owner)))
    )
    for key, names in _gathered(spelled).items():
        if len(names) > 1:
            yield Problem(code="unit_name_twice", params={"name": key, "units": "; ".join(names)})


def _strangers(directory: Directory) -> Iterator[Problem]:
    """Codes that point at no unit or person of the directory."""
    known = {unit.code for unit in directory.units}
    for person in directory.people:
        if person.unit not in known:
            yield Problem(code="person_unit_unknown", params={"person": person.name, "unit": person.unit})
    for group in directory.groups:
        unknown = [member for member in group.members if member not in known]
        if unknown:
            params = {"group": group.name, "members": "; ".join(unknown)}
            yield Problem(code="group_member_unknown", params=params)
    for code, focal in directory.focal_points.items():
        unit, person_ = directory.unit(code), directory.person(focal)
        if unit is None or person_ is None or person_.unit != code:
            params = {"unit": unit.name if unit else code, "person": person_.name if person_ else focal}
            yield Problem(code="focal_point_unknown", params=params)
    for code, deputy in directory.deputies.items():
        unit, person_ = directory.unit(code), directory.person(deputy)
        if unit is None or person_ is None:
            params = {"unit": unit.name if unit else code, "person": person_.name if person_ else deputy}
            yield Problem(code="deputy_unknown", params=params)


def _addresses_wrong(people: Iterable[Person]) -> Iterator[Problem]:
    from email_validator import EmailNotValidError, validate_email  # costs every start otherwise

    for person in people:
        if not person.active:
            continue
        try:
            validate_email(person.email, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError as reason:
            params = {"person": person.name, "address": person.email or "-", "reason": str(reason)}
            yield Problem(code="address_invalid", params=params)


def _addresses_twice(people: Iterable[Person]) -> Iterator[Problem]:
    """Two people at one address would each read, and report by, the other's letters."""
    active = ((person.email.casefold(), person) for person in people if person.active and person.email)
    holders: dict[str, list[Person]] = defaultdict(list)
    for address, person in active:
        holders[address].append(person)
    for sharing in holders.values():
        if len(sharing) > 1:
            names = "; ".join(person.name for person in sharing)
            yield Problem(code="address_used_twice", params={"address": sharing[0].email, "names": names})


def _posts_twice(directory: Directory) -> Iterator[Problem]:
    """Of several in one post only the first listed is written to: worth showing."""
    at: dict[tuple[Post, str], list[str]] = defaultdict(list)
    for person in directory.people:
        if person.active and (person.post is not Post.DEPUTY_DIRECTOR or person.in_charge):
            at[person.post, person.unit if person.post is Post.HEAD else ""].append(person.name)
    for (post, _), names in at.items():
        if len(names) > 1 and post not in (Post.OFFICER, Post.ADMINISTRATOR, Post.VIEWER):
            params = {"names": "; ".join(names), "first": names[0]}
            yield Problem(code=f"{post.value}_twice", params=params, weight=Weight.NOTE)


def _gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, name in pairs:
        found[key].append(name)
    return found
