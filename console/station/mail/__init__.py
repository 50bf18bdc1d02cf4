"""E-mail that the station sends by itself: reports of the journal (G6)."""
