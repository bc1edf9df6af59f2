"""One process that serves programs and agents from the same pipeline and contract.

Imported only by `funcsmith serve`, and `mcp.py` by `funcsmith mcp`; nothing of the runtime imports it.
"""
