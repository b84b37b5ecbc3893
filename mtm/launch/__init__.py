"""Finds or makes what the program runs on. Standard library only: it runs before anything is installed."""
