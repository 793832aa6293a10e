"""A part of the crash matrix of checkouts; tests/full/checkouts runs the whole and writes its figures."""

import unittest

from checkout_matrix import SERVER_FLAGS, Matrix
from crash_matrix import can_trace
from harness import EndToEnd, main


@unittest.skipUnless(can_trace(), "strace may not attach to processes here")
class ShortCheckoutMatrix(EndToEnd):
    server_flags = SERVER_FLAGS

    def test_killed_along_the_way_everybody_pays_once_and_gets_what_they_paid_for(self):
        matrix = Matrix(self.sandbox, self.server)
        for story, trouble, call, step in (
            ("card", "cut off after acting", "sendmsg", 3),
            ("card", "fine", "fdatasync", 4),
            ("pix", "503", "fdatasync", 5),
            ("boleto", "fine", "sendmsg", 3),
            ("pix that nobody pays", "times out after acting", "fdatasync", 5),
            ("card given back", "cut off after acting", "fdatasync", 2),
        ):
            with self.subTest(story=story, trouble=trouble):
                self.assertGreater(matrix.run(story, trouble, (call,), {call: step}, most=3), 0)


if __name__ == "__main__":
    main()
