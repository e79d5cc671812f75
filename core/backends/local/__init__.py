"""The embedded client area: billing records in our own database, for providers without a billing system."""
