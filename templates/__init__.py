"""Reply templates; a package so that an editable install finds them (see docs/architecture.md)."""
