"""Plans, passes, tickets: what a home sells."""
