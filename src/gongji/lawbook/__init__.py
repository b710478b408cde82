"""Lawbook (政策版本): every library of law that an installation has used, whole, by its digest.

A settlement keeps the digest of the law it was computed by; here is the law itself, so that the settlement can be computed
again years later, with the program's own files long changed.
"""
