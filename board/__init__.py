"""Where people look: the pages served beside the flow UI."""
