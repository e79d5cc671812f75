"""The help desk's application: channels, handlers, commands and the wiring between them."""

__version__ = "0.1.0"
