"""Staff find tickets: the words that they write, the tickets that have them, the clients behind these."""
