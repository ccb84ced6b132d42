"""Which wordings of an owner's column stand for several units: "Các sở, ban, ngành", "UBND các xã"."""

from __future__ import annotations

import re

from tasks_catalog.people import Unit
from tasks_catalog.text import clean
from tasks_catalog.unit_names import plain_key

_MANY = re.compile(
    r"^(?:cac|nhung|mot so|toan the|tat ca) "
    r"|^(?:ubnd|uy ban nhan dan|hdnd|chu tich|lanh dao|truong|thu truong|nguoi dung dau|cong an|ban lanh dao"
    r"|ban giam doc)\b.*? cac "
    r"|\b(?:co )?lien quan$"
)
_GENERIC = re.compile(
    r"^(?:địa phương|cơ quan|đơn vị|doanh nghiệp|tập đoàn|ngành|tổ chức)(?:$|,| (?=\S))(?P<next>.?)",
    re.IGNORECASE,
)
"""Words for nobody in particular, unless a name with a capital follows: "Cơ quan Thường trực"."""
_KINDS = (
    "bo",
    "so",
    "ban",
    "nganh",
    "vien",
    "truong",
    "phong",
    "cuc",
    "vu",
    "trung tam",
    "tinh",
    "xa",
    "phuong",
)
_RELATED = re.compile(r"^(?:cac|nhung|toan the|tat ca) | va | co (?=lien quan$)")

_MEANT_BY = {
    "bo": ("bo",),
    "so": ("so",),
    "ban": ("ban",),
    "vien": ("vien",),
    "truong": ("truong", "dai hoc"),
    "phong": ("phong", "van phong", "thanh tra"),
    "trung tam": ("trung tam",),
    "cuc": ("cuc",),
    "vu": ("vu",),
    "nganh": ("ngan hang", "thanh tra", "bao hiem", "kho bac", "cong an", "thue", "toa an", "vien kiem sat"),
    "dia phuong": ("ubnd", "uy ban nhan dan", "tinh", "thanh pho", "huyen", "xa", "phuong"),
    "xa": ("ubnd xa", "ubnd phuong", "uy ban nhan dan xa", "uy ban nhan dan phuong", "xa", "phuong"),
    "tinh": ("ubnd tinh", "uy ban nhan dan tinh", "tinh", "ubnd thanh pho", "thanh pho"),
}
_EVERY = re.compile(
    r"\b(?:co quan|don vi)(?=$| don vi| thuoc| truc thuoc| chuyen mon| co lien quan| lien quan)"
)


def is_collective(name: str) -> bool:
    """Tell whether the wording names a kind of unit, or several, rather than one unit."""
    key = plain_key(name)
    kinds = [plain_key(part) for part in re.split(r"[,/]", name)]
    generic = _GENERIC.match(clean(name))
    if generic and not generic["next"].isupper():
        return True
    return bool(_MANY.search(key)) or key in _KINDS or (len(kinds) > 1 and kinds[0] in _KINDS)


def group_key(name: str) -> str:
    """Return what spellings of one collective wording share: "Các bộ và ngành" and "Bộ, ngành" are one."""
    return re.sub(r" +", " ", _RELATED.sub(" ", plain_key(name))).strip()


def candidates_of(name: str, units: tuple[Unit, ...]) -> tuple[str, ...]:
    """Return the codes of the units whose kind the wording names; a proposal: it may mean others too."""
    key = f" {plain_key(name)} "
    if _EVERY.search(key.strip()):
        return tuple(unit.code for unit in units if unit.kind != "board")
    starts = tuple(
        f"{start} " for kind, all_starts in _MEANT_BY.items() if f" {kind} " in key for start in all_starts
    )
    return tuple(unit.code for unit in units if f"{plain_key(unit.name)} ".startswith(starts or ("\0",)))
