"""Cases as data: what they were like, what those who mobilised did, and what the model says."""
