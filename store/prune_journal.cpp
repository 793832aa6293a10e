#include "store/prune_journal.hpp"

#include <algorithm>
#include <stdexcept>

#include "store/append.hpp"

namespace vitrine::store {
namespace {

// A commit of this many keeps the appends of others waiting for a few milliseconds.
constexpr std::size_t commands_of_an_append = 500;

void forget(EventStore& store, const TenantId& tenant, std::vector<CommandId> ids) {
    const auto result = append_and_wait(store, {tenant, {}, Prune{std::move(ids)}});
    if (!result) throw std::runtime_error(result.error().detail);
}

constexpr std::chrono::days retries_end{30};

}  // namespace

bool prune_needs_number(Timestamp before, Timestamp now) {
    return before > now - retries_end;
}

std::string prune_number_text(std::uint64_t commands) {
    const auto number = std::to_string(commands);
    return "--before is younger than 30 days: " + number +
           (commands == 1 ? " command" : " commands") +
           " would be forgotten, and a retry would run anew; --force " + number +
           " if that is meant";
}

std::uint64_t prune_journal(
    EventStore& store, const TenantId& tenant, const PruneOptions& options
) {
    std::uint64_t count = 0;
    CommandId last;
    while (!options.cancelled || !options.cancelled()) {
        const auto wanted = std::min<std::uint64_t>(options.limit - count, commands_of_an_append);
        if (wanted == 0) break;
        auto ids = store.journal().ended(tenant, options.before, last, wanted);
        if (ids.empty()) break;
        last = ids.back();
        count += ids.size();
        if (!options.dry_run) forget(store, tenant, std::move(ids));
        if (options.progress) options.progress(count);
    }
    return count;
}

}  // namespace vitrine::store
