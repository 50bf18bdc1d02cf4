"""Random nights: live stations that are killed, frozen and cut off, and a judge who looks at them from outside."""
