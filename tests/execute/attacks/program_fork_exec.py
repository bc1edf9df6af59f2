# Start a program by the helper that `subprocess` hides.
# source: n8n-io/n8n#16885 (blocking `os.system` leaves what does the same); n8n CVE-2025-68668
# expect: refused
# without the fence: escapes
# ruff: noqa

import os, _posixsubprocess

def attack(world):
    reading, writing = os.pipe()
    names = [b"/bin/true"], (b"/bin/true",), True, (writing,), None, None
    rest = -1, -1, -1, -1, -1, -1, reading, writing, False, False, 0
    tail = (None, None, None, -1, None) + ((False,) if os.sys.version_info < (3, 14) else ())
    pid = _posixsubprocess.fork_exec(*names, *rest, *tail)
    os.waitpid(pid, 0)
    return "ESCAPED"
