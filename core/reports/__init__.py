"""Figures of the desk's work, computed from its tables and from nothing else; drawing and wording are elsewhere."""
