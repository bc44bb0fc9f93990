"""How often the verdicts are wrong: simulated models of known nature, judged by the engine itself."""
