"""The signer: a process of its own, the only one with the signing key, that seals what the log has come to.

It reads the database and writes none of it. What it has signed it remembers in a folder that the web
cannot open, so that a database rolled back behind its back is refused and not signed.
"""
