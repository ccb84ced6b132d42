"""When the office acts: the flows, their timetable and the wiring to a clock."""

import os

# Prefect reads these at import: without them it reaches for the network to count its users.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
