"""The browser application: watch a movement emerge, and look through results."""
