"""Advice: now, later or never, and with which argument, for a firm as it stands."""
