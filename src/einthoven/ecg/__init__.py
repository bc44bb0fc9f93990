"""The ECG itself: recordings, patients, readings, measurements, and a simulated heart."""
