"""The pages of uploads: all of them, and one with its reading, its questions and what it would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from board.import_diff import DiffShown
from board.import_head import HeadForm, head_form
from board.import_names import Choice, NameShown, name_shown, units_added, units_to_choose
from board.import_rows import PER_PAGE, RowShown, Tried, chosen, shown_rows
from board.view import View
from notifications.wording import place_sentence, problem_sentence
from storage import uploads
from storage.schema import PlanRow, UploadRow
from tasks_catalog.documents.beside import Beside
from tasks_catalog.documents.refusals import MAX_BYTES
from tasks_catalog.documents.rows import Kind
from tasks_catalog.drafting import Draft, Review
from tasks_catalog.task import RowCount

UNIT_KINDS = ("room", "centre", "board")


@dataclass(frozen=True, kw_only=True)
class UploadLine:
    """One upload of the list."""

    href: str
    name: str
    at: str
    by: str
    state: str
    kind: str
    number: str
    counted: str
    plan_href: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportsPage:
    """The uploads, and the form for a new one; ``refused`` is why the last was not taken."""

    lines: tuple[UploadLine, ...]
    action: str
    most: int
    refused: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PageLink:
    """A page of the rows."""

    number: int
    href: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class UploadPage:
    """One upload: the document beside its reading, and what is to be done about it next."""

    title: str
    name: str
    base: str
    list_href: str
    file_href: str
    sha256: str
    size: str
    at: str
    by: str
    state: str
    kind: str
    editable: bool
    tasks: int
    account: str
    of_plan: tuple[str, ...]
    head: HeadForm
    names: tuple[NameShown, ...]
    names_left: int
    units_added: tuple[Choice, ...]
    units: tuple[Choice, ...]
    groups: tuple[Choice, ...]
    rows: tuple[RowShown, ...]
    rows_left: int
    shown: str
    counted: str
    doubtful: int
    all_href: str
    doubtful_href: str
    pages: tuple[PageLink, ...]
    where: Mapping[str, str]
    """The filter and page shown, which every form leads back to."""
    diff: DiffShown | None = None
    plan_href: str = ""
    plan_number: str = ""
    activation_href: str = ""
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class Looked:
    """How somebody looks at an upload: which rows, and what was just tried or refused."""

    doubtful: bool = False
    page: int = 1
    tried: Tried | None = None
    refused: str = ""
    head: Draft | None = None
    """The head as somebody has just typed it, refused."""
    name: str = ""
    """The name whose answer was refused."""

    @property
    def where(self) -> dict[str, str]:
        shown = {"show": "doubtful"} if self.doubtful else {}
        return {**shown, "page": str(self.page)} if self.page > 1 else shown


def imports_href(view: View) -> str:
    return f"{view.links.base_url.rstrip('/')}/imports"


def import_href(view: View, number: int) -> str:
    return f"{imports_href(view)}/{number}"


def imports_page(
    view: View, plans: Mapping[int, PlanRow], *, refused: str = "", values: Mapping[str, str] | None = None
) -> ImportsPage:
    found = uploads.list_uploads(view.session, view.organisation_id)
    return ImportsPage(
        lines=tuple(_line(row, plans.get(row.plan_id or 0), view) for row in found),
        action=imports_href(view),
        most=MAX_BYTES // 1024**2,
        refused=refused,
        values=values or {},
    )


def _line(row: UploadRow, plan: PlanRow | None, view: View) -> UploadLine:
    draft, rows = uploads.draft_of(row), uploads.counted_of(row)
    return UploadLine(
        href=import_href(view, row.id),
        name=row.name,
        at=view.moment(row.at),
        by=view.person(row.by),
        state=view.say(f"import_state_{row.state}"),
        kind=row.state,
        number=plan.number if plan else draft.number,
        counted=view.say("import_counted", tasks=rows.tasks, rows=rows.total),
        plan_href=view.plan_link(plan.number) if plan else "",
    )


def upload_page(
    row: UploadRow,
    found: Beside,
    review: Review,
    view: View,
    looked: Looked,
    *,
    plan: PlanRow | None = None,
    diff: DiffShown | None = None,
) -> UploadPage:
    """Return the page; ``plan`` is what the upload became, ``diff`` what it would change in a known plan."""
    base, say = import_href(view, row.id), view.say
    is_draft = row.state == uploads.READ
    editable = is_draft and diff is None
    rows = chosen(found, review, doubtful=looked.doubtful)
    page = min(max(looked.page, 1), max(1, -(-len(rows) // PER_PAGE)))
    looked = replace(looked, page=page)
    first = (page - 1) * PER_PAGE
    some = rows[first : first + PER_PAGE]
    shown = shown_rows(some, review, view, base=base, tried=looked.tried, editable=editable)
    at = {printed.task: n for n, printed in enumerate(found.rows) if printed.kind is Kind.TASK}
    links = {row: f"{base}?page={n // PER_PAGE + 1}#row-{row}" for row, n in at.items() if row is not None}
    asked = review.names if editable else ()
    names = tuple(
        name_shown(each, review, view, links, refused=looked.refused if looked.name == each.name else "")
        for each in asked
    )
    doubtful = chosen(found, review, doubtful=True)
    return UploadPage(
        title=say("import_title", file=row.name),
        name=row.name,
        base=base,
        list_href=imports_href(view),
        file_href=f"{base}/file",
        sha256=row.sha256,
        size=size_text(row.size, view),
        at=view.moment(row.at),
        by=view.person(row.by),
        state=say(f"import_state_{row.state}"),
        kind=row.state,
        editable=editable,
        tasks=found.read.rows.tasks,
        account=account_of(found.read.rows, view),
        of_plan=tuple(_of_plan(found, view)),
        head=head_form(looked.head or review.draft, found, review.settings, view),
        names=names,
        names_left=sum(not name.answered or bool(name.refused) for name in names),
        units_added=tuple(units_added(review.draft, view)),
        units=tuple(units_to_choose(review)),
        groups=tuple(Choice(value=g.code, name=g.name) for g in review.directory.groups),
        rows=tuple(shown),
        rows_left=len(review.open_rows),
        shown=say("import_shown", first=first + 1, last=first + len(some), all=len(rows)),
        counted=say("import_filter_all", rows=len(found.rows)),
        doubtful=len(doubtful),
        all_href=f"{base}#rows",
        doubtful_href=f"{base}?show=doubtful#rows",
        pages=tuple(_pages(base, len(rows), looked)),
        where=looked.where,
        diff=diff,
        plan_href=view.plan_link(plan.number) if plan else "",
        plan_number=plan.number if plan else "",
        activation_href=activation_href(plan, view) if plan and plan.state == "imported" else "",
        refused="" if looked.name or looked.tried else looked.refused,
    )


def activation_href(plan: PlanRow, view: View) -> str:
    return f"{view.links.plan(plan.number)}/activation"


def account_of(rows: RowCount, view: View) -> str:
    """Return how every row of the tables was accounted for; parts that are none are left out."""
    parts = [
        view.say(f"import_account_{name}", number=number)
        for name in ("tasks", "sections", "groups", "headers", "continuations", "problems")
        if (number := getattr(rows, name))
    ]
    return view.say("import_account", parts=", ".join(parts), total=rows.total)


def size_text(size: int, view: View) -> str:
    if size >= 1024**2:
        return f"{size / 1024**2:.1f} MB".replace(".", "," if view.language != "en" else ".")
    return f"{max(1, round(size / 1024))} kB"


def _of_plan(found: Beside, view: View) -> Iterator[str]:
    if found.year_assumed:
        yield view.say("import_year_assumed", year=found.read.head.year)
    for problem in found.read.problems:
        place = place_sentence(problem.where, view.language)
        words = problem_sentence(problem, view.language)
        yield f"{place[:1].upper()}{place[1:]}: {words}" if place else words


def _pages(base: str, rows: int, looked: Looked) -> Iterator[PageLink]:
    last = -(-rows // PER_PAGE)
    near = {1, last, *range(looked.page - 2, looked.page + 3)}
    for number in sorted(near & set(range(1, last + 1))) if last > 1 else ():
        query = urlencode(replace(looked, page=number).where)
        href = f"{base}?{query}#rows" if query else f"{base}#rows"
        yield PageLink(number=number, href=href, current=number == looked.page)
