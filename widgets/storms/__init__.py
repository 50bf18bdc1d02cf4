"""Storm profiles, and closing many alarms at once."""
