"""Functions that a repository declares with `@funcsmith.smith`, and their bodies, locked by hash.

Bodies and lock lie in `_smithed/`, beside the outermost package or the module that declares them, so
that reviewers see them and an installed package brings them along. Not here: how a body is written;
that is `generate/body.py`, as for every header.
"""
