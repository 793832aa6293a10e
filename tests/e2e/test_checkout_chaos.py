"""A short chaos run of checkouts; tests/full/checkouts is the long one. The same chances with CHAOS_SEED=N, which is printed."""

import os
import time

from checkout_chaos import SERVER_FLAGS, CheckoutChaos
from harness import EndToEnd, main


class ShortCheckoutChaos(EndToEnd):
    server_flags = SERVER_FLAGS

    def test_whatever_fails_nobody_pays_twice_or_for_nothing(self):
        seed = int(os.environ.get("CHAOS_SEED") or time.time())
        print(f"CHAOS_SEED={seed}")
        tenant = (self.api.api_key, self.tenant, self.clubify_tenant_id)
        chaos = CheckoutChaos(self.sandbox, self.server, tenant, 150, 12, 1.2, seed)
        chaos.run()
        counted = chaos.check()
        print(counted)
        self.assertGreater(counted["kills"], 0)
        self.assertGreater(counted["completed"], 20)


if __name__ == "__main__":
    main()
