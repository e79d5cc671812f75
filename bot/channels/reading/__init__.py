"""Any bytes in, what a mail says out. `mail.read` is the entry; `document.as_document` is its JSON form."""
