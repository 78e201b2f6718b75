"""The history of an area: each change as a plain sentence."""
