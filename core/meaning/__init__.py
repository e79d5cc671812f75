"""What a mail or chat line asks for: free text in, requests with their objects out, or the reason for a person.

`core.meaning.read.Reader` is the door. Everything is rules over concepts that eight languages share; a small linear
model trained from sentences in data/ only proposes reads and departments, and holds the second key to changes.
"""
