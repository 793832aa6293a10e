"""kill -9 of the server under load; tests/full/log does it some hundred times."""

from chaos import SERVER_FLAGS, Chaos
from harness import EndToEnd, main


class ShortKills(EndToEnd):
    server_flags = SERVER_FLAGS

    def test_what_was_acknowledged_outlives_kills_once_and_whole(self):
        tenant = (self.api.api_key, self.tenant, self.clubify_tenant_id)
        kills = Chaos(self.sandbox, self.server, tenant, commands=10**6, clients=16, pause_between_kills=0.2,
                      faults=(), most_kills=5)  # fmt: skip
        kills.run()
        counted = kills.check()
        self.assertEqual(counted["kills"], 5)
        self.assertGreater(counted["answers"].get(201, 0), 20)


if __name__ == "__main__":
    main()
