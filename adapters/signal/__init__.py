"""Signal models: networks that get the samples, how they are trained, and how they answer."""
