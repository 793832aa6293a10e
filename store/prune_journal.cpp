#include "store/prune_journal.hpp"

#include <future>
#include <stdexcept>

namespace vitrine::store {
namespace {

// A commit of this many keeps the appends of others waiting for a few milliseconds.
constexpr std::size_t commands_of_an_append = 500;

void forget(EventStore& store, const TenantId& tenant, std::vector<CommandId> ids) {
    std::promise<AppendResult> answer;
    store.append({tenant, {}, Prune{std::move(ids)}}, [&answer](AppendResult result) {
        answer.set_value(std::move(result));
    });
    const auto result = answer.get_future().get();
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
