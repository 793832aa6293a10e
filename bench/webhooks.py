#!/usr/bin/env python3
"""Sends signed webhooks of the platform over so many kept connections, one at a time on each, and tells how many were kept
a second. All are made before the clock starts."""

import argparse
import hashlib
import hmac
import json
import selectors
import socket
import time


def request(tenant, secret, number, now):
    body = json.dumps({
        "id": f"evt_{now}_{number}", "event": "order.completed", "timestamp": now, "data": {
            "orderId": f"order-{now}-{number}", "total": 19900, "currency": "BRL", "offerId": "65f0c0ffee0000000000aa01",
            "metadata": {"utm_source": "google"}, "customer": {"customerId": "c1", "name": "Ana", "email": "ana@example.org"},
            "items": [{"productId": "p1", "name": "Curso", "quantity": 1, "unitPrice": 19900, "totalPrice": 19900}]}},
    ).encode()  # fmt: skip
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    head = (f"POST /v1/webhooks/clubify/{tenant} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            f"X-Clubify-Signature: {signature}\r\nX-Clubify-Timestamp: {now}\r\nContent-Length: {len(body)}\r\n\r\n")  # fmt: skip
    return head.encode() + body


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", required=True, help="host:port")
    parser.add_argument("--tenant", required=True)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--count", type=int, default=50_000)
    options = parser.parse_args()
    host, port = options.address.rsplit(":", 1)
    now = int(time.time())
    waiting = [request(options.tenant, options.secret, number, now) for number in range(options.count)]
    poll = selectors.DefaultSelector()
    kept, took = 0, []

    def send(peer):
        if waiting:
            peer.sendall(waiting.pop())
            sent[peer] = time.monotonic()
        else:
            poll.unregister(peer)
            peer.close()

    sent = {}
    begin = time.monotonic()
    for _ in range(options.connections):
        peer = socket.create_connection((host, int(port)))
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poll.register(peer, selectors.EVENT_READ)
        send(peer)
    while poll.get_map():
        for key, _ in poll.select():
            answer = key.fileobj.recv(4096)
            if b'"accepted"' not in answer:
                raise SystemExit(f"not kept: {answer!r}")
            kept += 1
            took.append(time.monotonic() - sent[key.fileobj])
            send(key.fileobj)
    seconds = time.monotonic() - begin
    took.sort()
    print(json.dumps({"kept": kept, "per_second": round(kept / seconds),
                      "p50_ms": round(took[kept // 2] * 1000, 1), "p99_ms": round(took[kept * 99 // 100] * 1000, 1)}))  # fmt: skip


if __name__ == "__main__":
    main()
