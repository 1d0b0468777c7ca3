"""Who did what that moves money or rights: a log that only grows."""
