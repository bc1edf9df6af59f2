"""One process that serves programs and agents from the same pipeline and contract.

Imported only by `funcsmith serve`, `mcp.py` by `funcsmith mcp`, and `view.py` by notebooks; nothing of
the runtime imports it.
"""
