"""Official papers: the report of a period and the letter of urging, written from values alone."""
