"""Staff at work: the commands they write, from their own mail client or a chat, and what comes of them."""
