"""The rules: plain objects, facts and a clock in, decisions out. No database, no socket, no system time."""
