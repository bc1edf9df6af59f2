"""`funcsmith mcp` with a script for an engine: JSON of what is answered to what."""

from __future__ import annotations

import json
import sys

from funcsmith.models.scripted import Scripted
from funcsmith.server.keys import OWNER
from funcsmith.server.mcp import ServedFunctions, serve
from funcsmith.server.service import Service
from funcsmith.settings import settings

if __name__ == "__main__":
    serve(ServedFunctions(Service(settings(), engine=Scripted(json.loads(sys.argv[1]))), OWNER))
