"""What a plan's document says: .docx, .xlsx, .pdf and .csv read into tasks, each doubt with its place."""

from tasks_catalog.documents.read import read_plan

__all__ = ["read_plan"]
