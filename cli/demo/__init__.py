"""The demonstration: one office's year in simulated time, by an open script of who does what when."""
