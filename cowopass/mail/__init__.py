"""Mails: written with what they tell of, sent later, again if need be, and once."""
