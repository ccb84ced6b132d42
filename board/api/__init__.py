"""Where programs look and act: the board's pages and forms as JSON, under ``/v1``."""
