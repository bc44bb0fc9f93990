"""What is asked and what counts as right: taxonomy, statement tables, prompts, schemas, parsers, training targets."""
