"""Pages of whole sources, written to disk: the job behind ``einthoven render``."""
