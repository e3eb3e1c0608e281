"""The model in C, for one HTML file: its sources, their declarations and their compilers."""
