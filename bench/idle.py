#!/usr/bin/env python3
"""Opens keep-alive connections, has one request answered over each, and holds them until it is killed.

Says in one JSON line when all are idle.
"""

import argparse
import json
import resource
import signal
import socket


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--address", required=True, help="HOST:PORT")
    arguments.add_argument("--target", default="/healthz")
    arguments.add_argument("--key", default="", help="an API key")
    arguments.add_argument("--connections", type=int, default=10_000)
    options = arguments.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    host, _, port = options.address.rpartition(":")
    request = f"GET {options.target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {options.key}\r\n\r\n".encode()
    held = []
    for _ in range(options.connections):
        peer = socket.create_connection((host, int(port)), 30)
        peer.sendall(request)
        answer = peer.recv(65536)
        if not answer.startswith(b"HTTP/1.1 200 "):
            raise SystemExit(f"not answered: {answer[:200]!r}")
        held.append(peer)
    print(json.dumps({"event": "ready", "connections": len(held)}), flush=True)
    signal.pause()


if __name__ == "__main__":
    main()
