"""The published study's experiments as presets of ordinary commands."""
