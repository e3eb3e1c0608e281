"""The explorer: the laboratory in one HTML file, opened without installing anything."""
