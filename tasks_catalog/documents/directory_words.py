"""The words a directory's sheet is read by: its headings, and what people call posts and kinds of unit."""

from __future__ import annotations

from tasks_catalog.people import Post
from tasks_catalog.unit_names import plain_key

HEADINGS = {
    "unit": ("Đơn vị", "Phòng, đơn vị", "Tên đơn vị", "Phòng ban", "Phòng", "Cơ quan, đơn vị", "Unit"),
    "unit_code": ("Mã đơn vị", "Ký hiệu đơn vị", "Unit code"),
    "aliases": ("Tên gọi khác", "Tên khác", "Tên viết tắt", "Viết tắt", "Aliases"),
    "kind": ("Loại", "Loại đơn vị", "Kind"),
    "members": ("Gồm các đơn vị", "Gồm", "Thành viên", "Members"),
    "name": ("Họ và tên", "Họ tên", "Họ và tên cán bộ", "Name"),
    "code": ("Mã", "Mã cán bộ", "Mã người dùng", "Code"),
    "title": ("Chức vụ", "Chức danh", "Chức vụ, chức danh", "Title"),
    "email": ("Thư điện tử", "Địa chỉ thư điện tử", "Hộp thư điện tử", "Hộp thư", "Email", "E-mail"),
    "role": ("Vai trò", "Vai trò trên hệ thống", "Role"),
    "focal": ("Đầu mối", "Cán bộ đầu mối", "Focal point"),
    "language": ("Ngôn ngữ", "Language"),
    "active": ("Đang công tác", "Còn công tác", "Active"),
}
FIELDS = {plain_key(words): key for key, all_words in HEADINGS.items() for words in all_words}
LISTS = ("aliases", "members", "role")
"""Columns whose cells may hold several words, parted by semicolons or lines."""
NEEDED = ("unit", "name", "email")
ABOVE = {
    "ma co quan": "organisation",
    "co quan": "name",
    "dia danh": "place",
    "co quan chu quan": "superior",
}

FOCAL, IN_CHARGE = "focal", "in_charge"
ROLES = {
    Post.OFFICER: ("Cán bộ", "Công chức", "Viên chức", "Chuyên viên", "Cán bộ thực hiện"),
    Post.HEAD: (
        "Trưởng đơn vị",
        "Thủ trưởng đơn vị",
        "Người đứng đầu",
        "Lãnh đạo phòng",
        "Trưởng phòng",
        "Chánh Văn phòng",
        "Chánh Thanh tra",
        "Giám đốc Trung tâm",
    ),
    Post.COORDINATOR: ("Điều phối", "Điều phối viên", "Cán bộ điều phối", "Điều phối CCHC"),
    Post.DEPUTY_DIRECTOR: ("Phó Giám đốc", "Phó Giám đốc Sở"),
    Post.DIRECTOR: ("Giám đốc", "Giám đốc Sở"),
    Post.ADMINISTRATOR: ("Quản trị", "Quản trị viên", "Quản trị hệ thống"),
    Post.VIEWER: ("Người xem", "Chỉ xem", "Giám sát", "Người theo dõi"),
    FOCAL: ("Đầu mối", "Cán bộ đầu mối", "Đầu mối đơn vị"),
    IN_CHARGE: ("Phụ trách CCHC", "Phó Giám đốc phụ trách", "Phó Giám đốc phụ trách CCHC"),
}
SURE_TITLES = frozenset(
    map(
        plain_key,
        (
            "Trưởng phòng",
            "Chánh Văn phòng",
            "Chánh Thanh tra",
            "Giám đốc Trung tâm",
            "Giám đốc Sở",
            "Phó Giám đốc Sở",
        ),
    )
)
"""Titles that can mean one post only; "Giám đốc" alone may lead a department or a centre."""
KINDS = {
    "board": ("Ban Giám đốc", "Ban Lãnh đạo"),
    "room": ("Phòng",),
    "office": ("Văn phòng",),
    "centre": ("Trung tâm", "Đơn vị sự nghiệp"),
}
KIND_OF = {plain_key(words): kind for kind, all_words in KINDS.items() for words in (kind, *all_words)}
ROLE_OF = {plain_key(words): role for role, all_words in ROLES.items() for words in (role, *all_words)}
YES = frozenset({"x", "v", "✓", "có", "yes", "true", "1", "1.0"})
NO = frozenset({"", "-", "không", "no", "false", "0", "0.0"})
