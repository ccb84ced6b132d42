"""What happens to an upload behind its pages: looked at, answered, imported, put into force, set aside.

Until "Nhập kế hoạch" is pressed nothing of the plan is in the record: the document is a kept file and the
answers stand with its upload. Every act is one transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from board.forms import Posted
from board.import_diff import DiffShown, diff_shown, pairs_of
from board.import_forms import issued_of
from board.imports import Looked, UploadPage, upload_page
from storage import tasks, uploads
from storage.differing import difference_of
from storage.engine import write
from storage.files import FileStore, Handed
from storage.importing import import_draft
from storage.reading import Asked, Readings
from storage.revising import Revised, revise
from storage.schema import PlanRow, UploadRow
from tasks_catalog.allowed import NotAllowed
from tasks_catalog.documents.beside import Beside
from tasks_catalog.drafting import Draft, Review, review_of
from tasks_catalog.facts import Document
from tasks_catalog.intake import Intake, take_in
from tasks_catalog.problem import Refused
from tasks_catalog.uploads import file_name

if TYPE_CHECKING:
    from datetime import date

    from board.app import Board
    from board.view import View
    from tasks_catalog.calendar import WorkCalendar
    from tasks_catalog.people import Directory
    from tasks_catalog.task import PlanRead, PlanSettings

_REVIEWS_KEPT = 4


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An upload opened: its document as read, its draft met with the directory, the plan it is about."""

    row: UploadRow
    found: Beside
    review: Review
    plan: PlanRow | None
    """What the upload became, or the plan of its number that there is already."""

    @property
    def amends(self) -> bool:
        """Whether it would be put into force on a plan there is."""
        return self.plan is not None and self.row.state == uploads.READ


def coordinates_or_refuse(view: View) -> None:
    """Plans are the coordinator's to import and to start. Raises NotAllowed (act_not_allowed)."""
    if not view.actor.coordinates:
        raise NotAllowed("act_not_allowed", act="import")


@dataclass
class ImportDesk:
    """The uploads of one board; readings and reviews are remembered, since every page asks for them."""

    board: Board
    store: FileStore
    readings: Readings = field(default_factory=Readings)
    _reviews: list[Review] = field(default_factory=list)

    def take(self, form: Posted) -> tuple[int, str]:
        """Read a document handed in and keep it; return the upload's number and what is to be said of it.

        One that is handed in again while it is still a draft is not taken twice. Raises Refused, and then
        nothing is kept: import_file_needed, day_unreadable, and what ``storage.reading`` raises.
        """
        files = form.handed("file")
        if not files:
            raise Refused("import_file_needed")
        found, draft = self.read(files[0], number=form.get("number", ""), issued=issued_of(form))
        with write(self.board.engine) as session:
            row, known = self.keep(self.board.view_of(session), files[0], found, draft)
            return row.id, "import_known" if known else "import_read"

    def read(
        self, handed: Handed, *, number: str, issued: date | None, year: int | None = None
    ) -> tuple[Beside, Draft]:
        """Read a document, which may take a while: before any transaction that others would wait for."""
        digest, name = hashlib.sha256(handed.data).hexdigest(), file_name(handed.name)
        asked = Asked(sha256=digest, name=name, year=year, issued=None if year is not None else issued)
        found = self.readings.of(asked, lambda: handed.data)
        head = found.read.head
        return found, Draft(
            number=number or head.number or "",
            issued=issued or head.issued,
            title=head.title or "",
            year=year,
        )

    def keep(self, view: View, handed: Handed, found: Beside, draft: Draft) -> tuple[UploadRow, bool]:
        """Keep a document that was read; return its upload, and whether it was a draft already."""
        coordinates_or_refuse(view)
        digest, name = hashlib.sha256(handed.data).hexdigest(), file_name(handed.name)
        for known in uploads.list_uploads(view.session, view.organisation_id):
            if known.sha256 == digest and known.name == name and known.state == uploads.READ:
                return known, True
        session, office, by = view.session, view.organisation_id, view.actor.code
        row = uploads.keep_upload(session, office, self.store, handed, found, draft, by=by, at=view.now)
        return row, False

    def open(self, view: View, number: int) -> Opened:
        """Open an upload to be looked at. Raises UploadGone, NotAllowed, and what the reading raises."""
        coordinates_or_refuse(view)
        return self._opened(view, uploads.upload_or_refuse(view.session, view.organisation_id, number))

    def _opened(self, view: View, row: UploadRow) -> Opened:
        draft, plan = uploads.draft_of(row), None
        if row.state == uploads.READ and draft.number:
            plan = tasks.find_plan(view.session, view.organisation_id, draft.number)
        elif row.plan_id is not None:
            plan = view.session.get(PlanRow, row.plan_id)
        amended = plan if plan is not None and row.state in (uploads.READ, uploads.REVISED) else None
        year = amended.year if amended is not None else draft.year
        issued = None if year is not None else draft.issued
        asked = Asked(sha256=row.sha256, name=row.name, year=year, issued=issued)
        found = self.readings.of(asked, lambda: self.store.get(row.sha256))
        return Opened(row=row, found=found, review=self._review(found, draft, view, amended), plan=plan)

    def _review(self, found: Beside, draft: Draft, view: View, amended: PlanRow | None) -> Review:
        """Return the draft met with the directory, remembered while none of it changes."""
        if amended is not None:  # what is compared is read as the plan is
            draft = Draft(choices=tasks.settings_of(amended), number=draft.number, issued=draft.issued)
        for known in self._reviews:
            if known.intake.read is found.read and known.draft == draft and known.known == view.directory:
                return known
        fresh = review_of(found.read, draft, view.directory, view.calendar, meet=self._meet)
        self._reviews = [fresh, *self._reviews][:_REVIEWS_KEPT]
        return fresh

    def _meet(
        self, read: PlanRead, directory: Directory, settings: PlanSettings, calendar: WorkCalendar
    ) -> Intake:
        """Return the intake, worked out again only where the document, the units or the settings changed."""
        for known in self._reviews:
            same = known.intake.read is read and known.settings == settings
            if same and known.directory == directory:
                return known.intake
        return take_in(read, directory, settings, calendar)

    def page(self, view: View, opened: Opened, looked: Looked, asked: Posted | None = None) -> UploadPage:
        """Return the upload's page; ``asked`` holds how a difference is looked at."""
        diff = self._diff(view, opened, asked) if opened.amends else None
        plan = None if opened.amends else opened.plan
        return upload_page(opened.row, opened.found, opened.review, view, looked, plan=plan, diff=diff)

    def _diff(self, view: View, opened: Opened, asked: Posted | None) -> DiffShown | None:
        plan = opened.plan
        if plan is None:
            return None
        form: Mapping[str, str] = asked if asked is not None else {}
        same = pairs_of(asked.all("same")) if asked is not None else {}
        found = difference_of(
            view.session, plan, opened.review.intake, same=same, partial=form.get("partial") == "yes"
        )
        values = {name: form.get(name, "") for name in ("document", "document_issued", "note")}
        return diff_shown(plan, found, view, sha256=opened.row.sha256, same=same, values=values)

    def answer(self, number: int, change: Callable[[Draft], Draft]) -> None:
        """Keep an answer with the upload; of the plan nothing is kept by it."""
        with write(self.board.engine) as session:
            self.answer_in(self.board.view_of(session), number, change)

    def answer_in(self, view: View, number: int, change: Callable[[Draft], Draft]) -> None:
        coordinates_or_refuse(view)
        uploads.answer(view.session, view.organisation_id, number, change)

    def import_plan(self, number: int) -> tuple[str, bool, int, int]:
        """Keep the draft as a plan. Pressed twice, the second press finds the plan there.

        Return the plan's number, whether this press made it, its tasks and how many rows wait.
        """
        with self.board.view() as view:  # reading may take a while; nobody else's writing waits for it
            self.open(view, number)
        with write(self.board.engine) as session:
            return self.import_in(self.board.view_of(session), number)

    def import_in(self, view: View, number: int) -> tuple[str, bool, int, int]:
        """Keep the draft as a plan in the view's transaction; its document was better read before."""
        coordinates_or_refuse(view)
        session = view.session
        row = uploads.upload_or_refuse(session, view.organisation_id, number, locked=True)
        plan = session.get(PlanRow, row.plan_id) if row.plan_id is not None else None
        if row.state != uploads.READ:
            if plan is None:
                raise uploads.UploadGone("import_over", number=number)
            return plan.number, False, 0, 0
        opened = self._opened(view, row)
        plan = import_draft(
            session,
            view.organisation_id,
            opened.found.read,
            uploads.draft_of(row),
            view.calendar,
            by=view.actor.code,
            at=view.now,
        )
        uploads.decide(row, uploads.IMPORTED, plan, by=view.actor.code, at=view.now)
        waiting = {asked.row for asked in tasks.questions_of(session, plan)}
        return plan.number, True, opened.found.read.rows.tasks, len(waiting)

    def revise_plan(self, number: int, form: Posted) -> tuple[str, Revised]:
        """Put the document into force on the plan of its number, on the paper named.

        Raises Refused: revision_document_needed, import_drops_most, import_nothing_changes, import_over.
        """
        with self.board.view() as view:
            self.open(view, number)
        if not form.get("document"):
            raise Refused("import_document_needed")
        issued = form.get("document_issued", "")
        paper = Document(number=form["document"], issued=issued_of({"issued": issued}))
        with write(self.board.engine) as session:
            view = self.board.view_of(session)
            coordinates_or_refuse(view)
            row = uploads.open_draft(session, view.organisation_id, number)
            opened = self._opened(view, row)
            if opened.plan is None:
                raise Refused("import_no_plan")
            done = self._revised(view, opened, opened.plan, form, paper)
            uploads.decide(row, uploads.REVISED, opened.plan, by=view.actor.code, at=view.now)
            return opened.plan.number, done

    def _revised(self, view: View, opened: Opened, plan: PlanRow, form: Posted, paper: Document) -> Revised:
        done = revise(
            view.session,
            plan,
            opened.review.intake,
            document=paper,
            by=view.actor.code,
            at=view.now,
            same=pairs_of(form.all("same")),
            partial=form.get("partial") == "yes",
            note=form.get("note", ""),
        )
        if done.changes.is_nothing:
            raise Refused("import_nothing_changes", number=plan.number)
        dropped = len(done.changes.dropped)
        if done.changes.drops_most and form.get("drops") != str(dropped):
            raise Refused("import_drops_most", dropped=dropped, number=plan.number)
        return done

    def set_aside(self, number: int) -> None:
        """Leave an upload: its document stays on file, nothing of it becomes a plan."""
        with write(self.board.engine) as session:
            self.set_aside_in(self.board.view_of(session), number)

    def set_aside_in(self, view: View, number: int) -> None:
        coordinates_or_refuse(view)
        row = uploads.open_draft(view.session, view.organisation_id, number)
        uploads.decide(row, uploads.SET_ASIDE, None, by=view.actor.code, at=view.now)
