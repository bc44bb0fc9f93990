"""Where recordings come from: one module a source, one index for all."""
