#pragma once

#include <filesystem>
#include <memory>

#include "store/event_store.hpp"
#include "store/people_store.hpp"
#include "store/people_view.hpp"

// The log of a data directory with people as those see them who work on it, for what is done
// without a server. The caller holds the DataLock.
namespace vitrine::api {

class OpenLog {
public:
    OpenLog(const std::filesystem::path& data, const std::filesystem::path& master_key_file);

    store::PeopleStore& store() { return people_; }

private:
    std::unique_ptr<store::EventStore> log_;
    store::PeopleStore people_;
};

/// Only to be read, also beside a running server; open where the master key is there.
std::unique_ptr<store::EventStore> open_log_read_only(
    const std::filesystem::path& data,
    const std::filesystem::path& master_key_file,
    store::PeopleView view
);

}  // namespace vitrine::api
