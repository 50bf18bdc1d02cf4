"""A period in figures and plots, read at a glance; each leads to its entries (G6; picture 05b)."""
