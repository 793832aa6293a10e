#include "store/seal_log.hpp"

#include <map>
#include <stdexcept>

#include "events/people.hpp"
#include "store/damage.hpp"
#include "store/durable_file.hpp"
#include "store/erasures_log.hpp"
#include "store/hash_chain.hpp"
#include "store/log_export.hpp"
#include "store/log_import.hpp"
#include "store/people_store.hpp"

namespace vitrine::store {
namespace {

namespace fs = std::filesystem;

/// Seals one event after another and chains them anew.
class Sealing {
public:
    explicit Sealing(PeopleKeys& keys) : keys_(keys) {}

    void seal(events::RecordedEvent& event) {
        make_keys(event);
        if (seal_people(event, keys_, event.recorded_at)) ++sealed_;
        auto known = chains_.find(event.tenant);
        if (known == chains_.end())
            known = chains_.emplace(event.tenant, chain_.first(event.tenant.view())).first;
        event.hash = known->second = chain_.next(known->second, link_of(event));
    }

    std::uint64_t sealed() const { return sealed_; }

private:
    void make_keys(const events::RecordedEvent& event) {
        auto needs = keys_to_seal(event, keys_, event.recorded_at);
        if (needs.empty()) return;
        keys_and_wait([&](PeopleKeys::Done done) {
            keys_.make(std::move(needs), {}, std::move(done));
        });
    }

    PeopleKeys& keys_;
    HashChain chain_;
    std::map<TenantId, events::Hash> chains_;
    std::uint64_t sealed_ = 0;
};

fs::path unfinished(const fs::path& destination) {
    auto name = destination;
    name += ".unfinished";
    return name;
}

/// Those of a copy that was begun before stay: what they have sealed may be known already.
void copy_keys(const fs::path& from, const fs::path& to) {
    // With what a process that was killed had not written back yet.
    for (const char* name : {"keys.db", "people.db-wal", "people.db"}) {
        if (!fs::exists(from / name) || fs::exists(to / name)) continue;
        fs::copy_file(from / name, to / name);
        fs::permissions(to / name, fs::perms::owner_read | fs::perms::owner_write);
    }
    if (fs::exists(from / erasures_log_name))
        fs::copy_file(
            from / erasures_log_name, to / erasures_log_name, fs::copy_options::overwrite_existing
        );
}

void require(const std::expected<void, ImportFault>& taken) {
    if (!taken) throw Damaged("the log cannot be copied: " + taken.error().detail);
}

}  // namespace

SealReport seal_log(
    const fs::path& directory,
    const fs::path& destination,
    const MasterKey& master,
    const SealOptions& options
) {
    if (fs::exists(destination))
        throw std::runtime_error(destination.string() + " is there already");
    SealReport report;
    const auto before = verify(directory, {.heads = {}, .progress = {}});
    if (!before.faults.empty())
        throw Damaged("the log is damaged: " + before.faults.front().detail);
    report.before = before.tenants;
    const auto folder = unfinished(destination);
    fs::create_directories(folder);
    fs::permissions(folder, fs::perms::owner_all);
    copy_keys(directory, folder);
    {
        const auto keys = PeopleKeys::open(folder, master, system_clock());
        Sealing sealing(*keys);
        LogImport target(folder, ImportMode::restore);
        ExportOptions exporting;
        exporting.progress = options.progress;
        export_log(directory, exporting, [&](const LogPart& part) {
            if (const auto* event = std::get_if<events::RecordedEvent>(&part)) {
                auto own = *event;
                sealing.seal(own);
                require(target.take(own));
            } else {
                require(target.take(part));
            }
        });
        const auto counted = target.commit();
        if (!counted) throw Damaged("the log cannot be copied: " + counted.error().detail);
        report.sealed = sealing.sealed();
    }
    report.after = verify(folder, {.heads = {}, .progress = {}});
    if (!report.after.faults.empty())
        throw Damaged("the copy is damaged: " + report.after.faults.front().detail);
    sync_directory(folder);
    fs::rename(folder, destination);
    sync_directory(fs::absolute(destination).parent_path());
    return report;
}

}  // namespace vitrine::store
