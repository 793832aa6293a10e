"""A part of the crash matrix of deliveries; tests/full/deliveries runs the whole and writes its figures."""

import unittest

from crash_matrix import can_trace
from delivery_matrix import SERVER_FLAGS, Matrix
from harness import EndToEnd, main


@unittest.skipUnless(can_trace(), "strace may not attach to processes here")
class ShortDeliveryMatrix(EndToEnd):
    server_flags = SERVER_FLAGS

    def test_killed_at_any_point_everything_comes_in_order_under_its_id(self):
        matrix = Matrix(self.server)
        for call, step in (("sendmsg", 5), ("recvfrom", 17), ("fdatasync", 2)):
            with self.subTest(call):
                self.assertEqual(matrix.run(call, step, most=2), 2)


if __name__ == "__main__":
    main()
