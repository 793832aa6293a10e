"""A part of the crash matrix of processes; tests/full/process_matrix runs the whole and writes its figures."""

import unittest

from crash_matrix import can_trace
from harness import EndToEnd, main
from process_matrix import SERVER_FLAGS, Matrix


@unittest.skipUnless(can_trace(), "strace may not attach to processes here")
class ShortProcessMatrix(EndToEnd):
    server_flags = SERVER_FLAGS

    def test_a_kill_at_any_point_around_a_due_time_leaves_one_effect_here_and_there(self):
        matrix = Matrix(self.sandbox, self.server)
        for platform in ("fine", "cut off after acting"):
            with self.subTest(platform):
                self.assertGreater(matrix.run(platform, calls=("fdatasync", "sendmsg")), 3)


if __name__ == "__main__":
    main()
