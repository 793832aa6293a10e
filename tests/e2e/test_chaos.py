"""A short chaos run; tests/full/chaos is the long one."""

from chaos import SERVER_FLAGS, Chaos
from harness import EndToEnd, main


class ShortChaos(EndToEnd):
    server_flags = SERVER_FLAGS

    def test_log_platform_and_answers_agree_after_chaos(self):
        tenant = (self.api.api_key, self.tenant, self.clubify_tenant_id)
        chaos = Chaos(self.sandbox, self.server, tenant, commands=300, clients=16, pause_between_kills=0.7)
        chaos.run()
        counted = chaos.check()
        self.assertGreater(counted["kills"], 0)
        self.assertGreater(counted["answers"].get(201, 0), 50)


if __name__ == "__main__":
    main()
