#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "api/cli/subcommands.hpp"
#include "store/event_store.hpp"

namespace vitrine::api {

struct ReplayOptions {
    DataOptions where;
    std::uint64_t from = 1;
    std::uint64_t to = std::numeric_limits<std::int64_t>::max();
    std::string tenant, stream, since, until, state, at;
    std::vector<std::string> types;
    std::uint64_t at_version = 0;
    bool follow = false, json = false, people = false;
};

/// Throws UsageError if the text is there and no time.
std::optional<Timestamp> time_of(const char* option, const std::string& text);

/// Throws UsageError if nothing can match it whatever the log holds.
store::Filter filter_of(const ReplayOptions& options);

/// Throws UsageError for a type, std::runtime_error for a tenant, that neither this program nor the
/// log knows.
void require_known(
    store::EventStore& store, const std::filesystem::path& data, const store::Filter& filter
);

}  // namespace vitrine::api
