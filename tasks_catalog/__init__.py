"""What is owed: the pure core, with no clock, no database and no network."""
