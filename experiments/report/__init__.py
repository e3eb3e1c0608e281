"""From a result to a page that says in words and figures what was found, limits included."""
