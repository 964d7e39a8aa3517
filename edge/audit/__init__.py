"""The record that cannot be quietly changed: lines in a chain, a Merkle tree over them, signed heads, proofs.

Law: bytes and hashes only. Where the lines lie, who signs and what time it is are the business of others.
"""
