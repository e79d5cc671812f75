"""Proof of sender: from the bytes of a mail, its envelope and its peer to what may be believed about its From line.

`SenderProof` is the only way in. fields.py looks at the header's bytes, signatures.py, bodies.py and keys.py at DKIM,
envelope.py at SPF, domains.py at alignment and DMARC, results.py and arc.py at what trusted others found out.
"""

from bot.channels.authentication.proof import Origin, SenderProof, describe

__all__ = ["Origin", "SenderProof", "describe"]
