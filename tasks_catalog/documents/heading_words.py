"""What a column may hold, and by which words its heading says so: data, weighed by ``headings``."""

from __future__ import annotations

import re
from enum import StrEnum


class Role(StrEnum):
    """What a column holds."""

    SECTION = "section"
    GROUP = "group"
    STT = "stt"
    OBJECTIVE = "objective"
    TASK = "task"
    PRODUCT = "product"
    LEAD = "lead"
    COOPERATING = "cooperating"
    DEADLINE = "deadline"


_WHO = r"(?:co quan|don vi|phong|bo phan|to chuc|ca nhan|nguoi|can bo|cong chuc)"
_WHEN = r"(?:thoi han|thoi gian|thoi diem|han|tien do|moc|ngay|lo trinh)"

WORDINGS: tuple[tuple[Role, int, str], ...] = (
    (Role.STT, 100, r"^(?:s ?t ?t|t ?t|so t ?t|so thu tu|thu tu|no|so)$"),
    (Role.SECTION, 100, r"^(?:section|linh vuc|nhom nhiem vu|nhom linh vuc|chuong muc)$"),
    (Role.GROUP, 100, r"^(?:group|tieu muc|tieu nhom)$"),
    (Role.LEAD, 110, r"^(?:lead|owner|lead unit)$"),
    (Role.LEAD, 100, r"chu tri(?!.*phoi hop)"),
    (Role.LEAD, 85, rf"{_WHO}.*(?:duoc giao|thuc hien|chiu trach nhiem|phu trach|dau moi|tham muu)"),
    (Role.LEAD, 75, r"chu tri.*phoi hop"),
    (Role.LEAD, 70, r"^(?:phan cong|trach nhiem|dau moi|thuc hien)"),
    (Role.LEAD, 40, rf"^{_WHO}$"),
    (Role.COOPERATING, 110, r"^(?:cooperating|co owners?|support(?:ing)? units?)$"),
    (Role.COOPERATING, 100, r"(?<!chu tri )phoi hop"),
    (Role.COOPERATING, 90, rf"^{_WHO}.*(?:ho tro|tham gia|lien quan|cung thuc hien)$"),
    (Role.DEADLINE, 110, r"^(?:deadline|due|due date)$"),
    (Role.DEADLINE, 100, rf"^{_WHEN}.*(?:hoan thanh|ket thuc|trinh|phai xong)"),
    (Role.DEADLINE, 95, r"^(?:thoi han|han)\b"),
    (Role.DEADLINE, 90, r"^(?:hoan thanh|ket thuc)$|^den (?:ngay|thang|quy|het)\b"),
    (Role.DEADLINE, 80, r"^(?:moc )?thoi (?:gian|diem)\b"),
    (Role.DEADLINE, 60, r"^(?:tien do|lo trinh)(?: thuc hien)?$"),
    (Role.PRODUCT, 110, r"^(?:product|output)s?$"),
    (Role.PRODUCT, 100, r"san pham"),
    (Role.PRODUCT, 80, r"dau ra|^ket qua (?:dat|can dat|du kien|hoan thanh|phai dat)"),
    (Role.PRODUCT, 50, r"^(?:ket qua|hinh thuc van ban|loai van ban)"),
    (Role.OBJECTIVE, 110, r"^objective$"),
    (Role.OBJECTIVE, 90, r"^muc tieu"),
    (Role.OBJECTIVE, 70, r"^chi tieu"),
    (Role.TASK, 120, r"^task$"),
    (Role.TASK, 110, r"nhiem vu cu the|cong viec cu the"),
    (Role.TASK, 100, r"^(?:ten |danh muc |cac )*nhiem vu"),
    (Role.TASK, 95, r"^noi dung (?:cong viec|nhiem vu|thuc hien|hoat dong|cong tac)"),
    (Role.TASK, 80, r"^(?:ten |cac )*(?:cong viec|hoat dong|dau viec)"),
    (Role.TASK, 70, r"^noi dung"),
    (Role.TASK, 60, r"nhiem vu|giai phap"),
    (Role.TASK, 40, r"^(?:ten|danh muc) (?:van ban|de an|chuong trinh|quy trinh|thu tuc|du an)"),
)
"""Usual headings: role, weight among rivals, pattern on the wording without accents and punctuation."""

NEVER = re.compile(
    r"^(?:van ban|can cu|nguon|ghi chu|tinh trang|tinh hinh|so van ban|lanh dao|kinh phi"
    r"|co quan (?:giao|ban hanh)|don vi (?:giao|tinh|theo doi)|(?:thoi gian |ngay )?(?:bat dau|giao|ban hanh)"
    r"|tu (?:ngay|thang|quy|nam)\b"
    r"|ket qua thuc hien(?!.*(?:du kien|can dat|phai dat))|note)"
)
"""Headings that look like a role and hold something else."""
