"""What goes into a sealed export of the journal: a verifier for whoever gets it, and how to use it."""
