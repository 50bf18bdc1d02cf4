"""Acts: each runs inside one transaction of the one writer, asks the rules, journals, and updates the tables."""
