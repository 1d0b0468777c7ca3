"""The face of the treasurer: a month on one screen, its lines, its payments, its history."""
