"""From a question to a report."""
