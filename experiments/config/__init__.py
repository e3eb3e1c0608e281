"""What the user set, composed by Hydra."""
