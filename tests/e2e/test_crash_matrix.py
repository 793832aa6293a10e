"""A part of the crash matrix; tests/full/crash_matrix runs the whole and writes its table."""

import unittest

from crash_matrix import COMMANDS, SERVER_FLAGS, STOCK_COMMANDS, Matrix, can_trace
from harness import EndToEnd, main


@unittest.skipUnless(can_trace(), "strace may not attach to processes here")
class ShortMatrix(EndToEnd):
    server_flags = SERVER_FLAGS

    def test_a_kill_at_any_point_leaves_one_effect_and_one_answer(self):
        matrix = Matrix(self.sandbox, self.server)
        by_name = {command.name: command for command in COMMANDS}
        for name, platform in (("CreateOffer", "fine"), ("CreateOffer", "cut off after acting"),
                               ("CreateProduct", "times out after acting"), ("AddProductToOffer", "fine"),
                               ("ArchiveOffer", "503")):  # fmt: skip
            with self.subTest(f"{name}, platform {platform}"):
                self.assertGreater(matrix.run(by_name[name], platform, calls=("fdatasync", "sendmsg", "sendto")), 3)

    def test_a_kill_at_any_point_leaves_the_stock_of_all_skus_as_one_answer_says(self):
        matrix = Matrix(self.sandbox, self.server)
        for command in STOCK_COMMANDS:
            if command.name in ("ReserveStock", "FulfilReservation"):
                with self.subTest(command.name):
                    self.assertGreater(matrix.run(command, "fine", calls=("fdatasync", "sendto")), 1)


if __name__ == "__main__":
    main()
