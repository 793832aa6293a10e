"""The sample's orders, told to Vitrine as the platform tells them: signed webhooks.

The platform's order is of one offer, the shop's invoices are of many: what an invoice has of an offer is one order here,
named by both. A delivery's id is made of that name, so that the same orders told again count once.
"""

import collections
import csv
import datetime
import hashlib
import hmac
import json
import socket
import threading
import time

CONNECTIONS = 48
AT_ONCE = 16  # deliveries that a connection sends before it reads their answers
PATIENCE = 60  # seconds to go on with deliveries that may be sent again
EVENTS = {"completed": "order.completed", "cancelled": "order.cancelled"}  # of the others nothing is told


class NotDelivered(Exception):
    """Some were not taken; the text is for people."""


def orders(file, skus):
    """The lines of each order of an offer, those that are told of. `skus`: the product of each slug."""
    found = collections.defaultdict(list)
    with open(file, newline="", encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            if line["status"] in EVENTS and line["offer_slug"] in skus:
                found[line["order_id"], line["offer_slug"], line["status"]].append(line)
    return found


def webhook(lines, sku, offer, currency):
    """The platform's message about an order: `lines` are of one order and one offer, which has this clubify_offer_id."""
    first = lines[0]
    order = f"{first['order_id']}-{sku}"
    total = sum(int(line["amount_cents"]) for line in lines)
    at = datetime.datetime.fromisoformat(first["time"])
    event = EVENTS[first["status"]]
    digest = hashlib.sha256(f"online-retail/{event}/{order}".encode()).hexdigest()
    items = [{"productId": sku, "quantity": int(line["quantity"]), "totalPrice": int(line["amount_cents"])}
             for line in lines]  # fmt: skip
    tags = {f"utm_{tag}": first[tag] for tag in ("source", "medium", "campaign") if first[tag]}
    return {
        "id": f"evt_{digest[:24]}",
        "event": event,
        "timestamp": int(at.timestamp()),
        "data": {
            "orderId": order,
            "offerId": offer,
            "status": first["status"],
            "items": items,
            "total": total,
            "currency": currency,
            "orderDate": first["time"],
            "metadata": tags,
        },
        "metadata": {"source": "online-retail", "test_mode": True},
    }


class Deliverer:
    """Sends webhooks of one tenant, signed."""

    def __init__(self, address, tenant, secret):
        self.address, self.path, self.secret = address, f"/v1/webhooks/clubify/{tenant}", secret.encode()

    def request(self, message):
        body = json.dumps(message, separators=(",", ":")).encode()
        signature = hmac.new(self.secret, body, hashlib.sha256).hexdigest()
        return (
            f"POST {self.path} HTTP/1.1\r\nHost: {self.address[0]}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nX-Clubify-Signature: {signature}\r\n"
            f"X-Clubify-Timestamp: {int(time.time())}\r\n\r\n"
        ).encode() + body  # fmt: skip

    def deliver(self, messages, progress):
        """Returns when every one is kept. Raises NotDelivered."""
        waiting = collections.deque(messages[at : at + AT_ONCE] for at in range(0, len(messages), AT_ONCE))
        failures, kept = [], []

        def work():
            connection = Connection(self.address)
            try:
                while waiting and not failures:
                    batch = waiting.popleft()
                    self.send(batch, connection)
                    kept.extend(batch)
                    progress(len(kept), len(messages))
            except IndexError:  # another thread took the last
                pass
            except NotDelivered as failure:
                failures.append(failure)
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    def send(self, batch, connection):
        """Again and again what may be sent again."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answers = connection.exchange([self.request(message) for message in batch])
                refused = [answer for answer in answers if answer[0] != 200]
                batch = [message for message, (status, _) in zip(batch, answers) if status != 200]
            except OSError as error:
                refused = [(503, str(error) or type(error).__name__)]
            if not batch:
                return
            status, text = refused[0]
            if status < 500 or time.monotonic() > end:
                raise NotDelivered(f"POST {self.path}: {status}: {text}")
            time.sleep(1)


class Connection:
    """Requests one after another without waiting, then their answers. Opens itself again."""

    def __init__(self, address):
        self.address, self.socket, self.stream = address, None, None

    def close(self):
        if self.socket:
            self.stream.close()
            self.socket.close()
            self.socket = None

    def exchange(self, requests):
        """(status, body) of each. Raises OSError."""
        try:
            if self.socket is None:
                self.socket = socket.create_connection(self.address, PATIENCE)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.stream = self.socket.makefile("rb")
            self.socket.sendall(b"".join(requests))
            return [self.answer() for _ in requests]
        except OSError:
            self.close()
            raise

    def answer(self):
        head = self.stream.readline().split()
        if len(head) < 2:
            raise ConnectionError("the connection was closed")
        length = 0
        while (line := self.stream.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return int(head[1]), self.stream.read(length).decode(errors="replace")
