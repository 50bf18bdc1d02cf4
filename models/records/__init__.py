"""Frozen records and enums shared by station and console. Neither SQLAlchemy nor Qt is imported here."""
