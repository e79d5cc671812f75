"""The understanding of free text, sentence by sentence."""
