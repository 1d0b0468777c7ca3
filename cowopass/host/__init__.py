"""The face of the host: scanning, the day and the month, passes, prices, the space's own page."""
