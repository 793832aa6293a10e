#include "sandbox/world.hpp"

#include <stdexcept>

namespace vitrine::sandbox {
namespace {

constexpr std::uint64_t id_streams = 1'000'000;
constexpr std::uint64_t token_stream = 1;

}  // namespace

World::World(std::uint64_t seed_of_all, SandboxClock clock_to_use, Zone zone_to_use, bool is_strict)
    : seed(seed_of_all),
      clock(std::move(clock_to_use)),
      zone(zone_to_use),
      strict(is_strict),
      metrics(orders, zone),
      tokens(Random(seed_of_all, token_stream)) {}

std::string World::new_id() {
    return Random(seed, id_streams + state.created()).hex(24);
}

void World::add_order_lines(const std::string& csv) {
    const auto added = orders.add_csv(csv, OrderBook::Header::optional);
    if (!added) throw std::logic_error("order lines of our own: " + added.error());
    if (keep_order_lines) keep_order_lines(csv);
}

}  // namespace vitrine::sandbox
