#include "store/prune_journal.hpp"

#include <stdexcept>

#include "store/append_and_wait.hpp"

namespace vitrine::store {
namespace {

// A commit of this many keeps the appends of others waiting for a few milliseconds.
constexpr std::size_t commands_of_an_append = 500;

void forget(EventStore& store, const TenantId& tenant, std::vector<CommandId> ids) {
    const auto result = append_and_wait(store, {tenant, {}, Prune{std::move(ids)}});
    if (!result) throw std::runtime_error(result.error().detail);
}

}  // namespace

std::uint64_t prune_journal(
    EventStore& store, const TenantId& tenant, const PruneOptions& options
) {
    std::uint64_t count = 0;
    CommandId last;
    while (!options.cancelled || !options.cancelled()) {
        auto ids = store.journal().ended(tenant, options.before, last, commands_of_an_append);
        if (ids.empty()) break;
        last = ids.back();
        count += ids.size();
        if (!options.dry_run) forget(store, tenant, std::move(ids));
        if (options.progress) options.progress(count);
    }
    return count;
}

}  // namespace vitrine::store
