#include <rapidcheck.h>

#include <iostream>

#include "processes/signal_id.hpp"
#include "tests/processes/world.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::processes;
using namespace vitrine::processes::spec;
using namespace std::chrono_literals;

namespace {

/// The state that a fresh fold of the stream gives wants nothing that is not under way or ended.
void check_nothing_lost(World& world, const std::string& id) {
    const auto kind = process_of<Toy>();
    const auto folded = world.folded(id);
    for (const auto& effect : kind.wanted(folded.state).effects) {
        const EffectName name(effect.name, effect.key);
        RC_ASSERT(folded.under_way.contains(name) || folded.ended.contains(name));
    }
    for (const auto& timer : kind.wanted(folded.state).timers)
        RC_ASSERT(folded.timers.at(timer.name).due == timer.due);
}

}  // namespace

TEST_CASE(
    "whatever happens, in whatever order, with whatever restarts: no effect is lost, none happens "
    "twice",
    "[processes][proof]"
) {
    int histories = 0;
    int crashes = 0;
    CHECK(rc::check("random histories, restarts and outcomes", [&] {
        const auto peers = *rc::gen::container<std::vector<int>>(30, rc::gen::inRange(0, 7));
        World world([&peers, next = std::size_t{0}](const std::string&) mutable {
            return next < peers.size() ? static_cast<Peer>(peers[next++]) : Peer::acts;
        });
        world.lag = *rc::gen::inRange(0, 4);
        std::set<std::string> created;
        const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
            rc::gen::pair(rc::gen::inRange(0, 9), rc::gen::inRange(0, 3))
        );
        for (const auto& [what, whom] : steps) {
            const auto id = std::to_string(whom);
            switch (what) {
                case 0:
                case 1:
                    if (created.insert(id).second) world.create(id);
                    break;
                case 2:
                    world.fact(id);
                    break;
                case 3:
                    if (created.contains(id)) world.change(id, "later:600");
                    break;
                case 4:
                    if (created.contains(id)) world.change(id, "cancelled");
                    break;
                case 5:
                    world.run_for(30min);
                    break;
                case 6:
                    world.crash.at = world.crash.points + 1 + whom;
                    break;
                case 7:
                    world.kill();
                    break;
                default:
                    world.settle();
            }
        }
        world.run_for(48h);
        RC_ASSERT(world.most_acts() <= 1);
        for (const auto& id : created) {
            check_nothing_lost(world, id);
            const auto folded = world.folded(id);
            RC_ASSERT(folded.under_way.empty());
            // What was done is what the peer did.
            for (const auto& ended : world.ended(id)) {
                const auto command =
                    command_id_of({TenantId("acme"), "toy", id}, ended.effect, ended.key).str();
                RC_ASSERT(world.acted[command] == (ended.outcome == "done" ? 1 : 0));
            }
        }
        ++histories;
        crashes += world.crashes;
    }));
    std::cout << "proof: random histories with random outcomes: " << histories
              << "\nproof: the runner killed in these: " << crashes << std::endl;
}
