"""Whether the folder letters are written to is there, or can be made, and takes files."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryFile

from notifications.mail_check.finding import Finding, found
from notifications.mime import MAX_ATTACHED_BYTES

LEAST_FREE = 10 * MAX_ATTACHED_BYTES


def check_folder(folder: Path, least_free: int = LEAST_FREE) -> Finding:
    """Return how the folder does; what is tried there leaves no trace."""
    nearest = next((place for place in (folder, *folder.parents) if place.exists()), Path("/"))
    if not nearest.is_dir():
        return found("folder_no_folder", folder=folder, place=nearest)
    try:
        with TemporaryFile(dir=nearest) as file:  # asking for permission would not know a read-only disk
            file.write(b"x")
            file.flush()
        free = shutil.disk_usage(nearest).free
    except OSError as reason:
        return found("folder_closed", folder=folder, reason=reason.strerror or str(reason))
    told = {"folder": folder, "free": f"{free // 2**20} MB"}
    if free < least_free:
        return found("folder_full", least=f"{least_free // 2**20} MB", **told)
    return found("folder_ready" if nearest == folder else "folder_new", **told)
