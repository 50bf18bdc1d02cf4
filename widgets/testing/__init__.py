"""Tests of sites on screen: the board of everything in test, and the card that sets a test (picture 03)."""
