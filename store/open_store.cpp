#include "store/open_store.hpp"

#include <stdexcept>

#include "store/sqlite/sqlite_event_store.hpp"

namespace vitrine::store {
namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";

/// The only engine that a process shares with others through files.
std::filesystem::path folder_of(const std::string& url) {
    if (url.starts_with(sqlite_scheme)) return url.substr(sqlite_scheme.size());
    throw std::runtime_error("no engine of this program keeps the log at " + url);
}

}  // namespace

std::string url_of(const std::filesystem::path& data_directory) {
    return std::string(sqlite_scheme) + data_directory.string();
}

std::unique_ptr<EventStore> open_store(const std::string& url, const StoreOptions& options) {
    return open_event_store(folder_of(url), options);
}

std::unique_ptr<EventStore> open_store_read_only(const std::string& url) {
    return open_event_store_read_only(folder_of(url));
}

}  // namespace vitrine::store
