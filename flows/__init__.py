"""When the office acts: the flows, their timetable and the wiring to a clock."""

import os

# Prefect reads these at import; without them it reaches for the network to count its users.
for _name, _value in {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}.items():
    os.environ.setdefault(_name, _value)
