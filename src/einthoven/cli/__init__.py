"""Click commands, one file a command, imported when called."""
