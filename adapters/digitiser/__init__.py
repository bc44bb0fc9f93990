"""The classical digitiser: from the pixels of an ECG page to millivolts, and from there to a reading."""
