# Pass an open file through a pair of sockets.
# source: socketpair(2); unix(7), SCM_RIGHTS
# expect: refused
# without the fence: escapes
# ruff: noqa

import os, socket

def attack(world):
    one, other = socket.socketpair()
    socket.send_fds(one, [b"x"], [os.open(os.__file__, os.O_RDONLY)])
    return f"ESCAPED {len(socket.recv_fds(other, 1, 1)[1])}"
