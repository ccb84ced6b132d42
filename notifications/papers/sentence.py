"""The one sentence everybody quotes, made here and nowhere else; and the names its neighbours share.

Worded like the department's own report for 2023: "Đến nay, Sở Công Thương đã hoàn thành 52/54 nhiệm vụ
theo Kế hoạch cải cách hành chính số 383/KH-SCT".
"""

from __future__ import annotations

from notifications.papers.figures import official_date, padded
from notifications.wording import sentence
from tasks_catalog.digest import Note, Summary, SummaryHead
from tasks_catalog.period import Period


def sentence_of(summary: Summary, lang: str = "vi") -> str:
    """Return how far the plan is done, in one sentence, with the label of a plan that is not the real one."""
    return sentence_of_figures(summary.head, summary.done, summary.total, tasks=summary.tasks, lang=lang)


def sentence_of_figures(head: SummaryHead, done: int, total: int, *, tasks: int, lang: str = "vi") -> str:
    """Return the same sentence from the figures alone; ``tasks`` are all of them, counted or not."""
    code = "paper_sentence"
    if not total:
        code = "paper_sentence_none_counted" if tasks else "paper_sentence_no_tasks"
    return sentence(
        code,
        lang,
        organisation=head.organisation,
        done=padded(done),
        total=padded(total),
        plan=plan_text(head, lang),
        label=sentence("paper_label", lang, label=head.label) if head.label else "",
    )


def plan_text(head: SummaryHead, lang: str = "vi") -> str:
    """Return the plan as named in a sentence: "Kế hoạch cải cách hành chính số 383/KH-SCT"."""
    if head.plan_name:
        return sentence("paper_plan", lang, name=head.plan_name, number=head.plan_number)
    return sentence("paper_plan_unnamed", lang, number=head.plan_number)


def plan_text_dated(head: SummaryHead, lang: str = "vi") -> str:
    plan = plan_text(head, lang)
    if head.plan_issued is None:
        return plan
    return sentence("paper_plan_dated", lang, plan=plan, issued=official_date(head.plan_issued, lang))


def period_text(period: Period, lang: str = "vi") -> str:
    return sentence(period.name_code, lang, year=period.year)


def note_sentence(note: Note, lang: str = "vi") -> str:
    """Return one line of the footnote on how it was counted; a regime is called by its name."""
    params = dict(note.params)
    if "regime" in params:
        params["regime"] = sentence(f"regime_{params['regime']}", lang)
    return sentence(note.code, lang, **params)
