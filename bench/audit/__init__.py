"""The safety audit of a bundle: what a model's errors would cost, and whom."""
