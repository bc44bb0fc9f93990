"""Sources, arms, the run loop and its journal, scoring, bundles."""
