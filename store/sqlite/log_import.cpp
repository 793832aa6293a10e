#include "store/log_import.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <unordered_map>

#include "core/overloaded.hpp"
#include "store/data_directory.hpp"
#include "store/hash_chain.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/event_writer.hpp"
#include "store/sqlite/journal_import.hpp"
#include "store/sqlite/log_marks.hpp"
#include "store/sqlite/sqlite_event_store.hpp"

namespace vitrine::store {
namespace sqlite {
namespace {

using Taken = std::expected<void, ImportFault>;

std::unexpected<ImportFault> unfit(std::string detail) {
    return std::unexpected(ImportFault{ImportFault::Kind::unfit, std::move(detail)});
}

std::unexpected<ImportFault> damaged(std::string detail) {
    return std::unexpected(ImportFault{ImportFault::Kind::damaged, std::move(detail)});
}

DataLock lock_of(const std::filesystem::path& directory) {
    auto lock = DataLock::try_take(directory);
    if (!lock) {
        throw std::runtime_error(
            directory.string() + " is in use: stop its server before an import"
        );
    }
    return *std::move(lock);
}

/// What an import that fails must take away again: the log it has made, and the directory.
class MadeHere {
public:
    explicit MadeHere(std::filesystem::path directory)
        : directory_(std::move(directory)),
          made_directory_(!std::filesystem::exists(directory_)),
          made_log_(!std::filesystem::exists(log_file(directory_))) {}

    void keep() { made_directory_ = made_log_ = false; }

    void remove() {
        std::error_code ignored;
        const auto log = log_file(directory_);
        if (made_log_) {
            for (const auto* suffix : {"", "-wal", "-shm"})
                std::filesystem::remove(log.string() + suffix, ignored);
        }
        if (!made_directory_) return;
        std::filesystem::remove(directory_ / "lock", ignored);
        std::filesystem::remove(directory_, ignored);
    }

private:
    std::filesystem::path directory_;
    bool made_directory_;
    bool made_log_;
};

}  // namespace
}  // namespace sqlite

class LogImport::Impl {
public:
    Impl(const std::filesystem::path& directory, ImportMode mode)
        : mode_(mode), made_(directory), lock_(sqlite::lock_of(directory)) {
        try {
            target_ = std::make_unique<Target>(directory, mode);
            target_->connection.exec("BEGIN IMMEDIATE");
        } catch (...) {
            give_up();
            throw;
        }
    }
    ~Impl() { give_up(); }

    sqlite::Taken take(const LogPart& part) {
        if (failed_) return sqlite::unfit("the import has failed");
        auto taken = std::visit(
            overloaded{
                [&](const LogHeader& header) { return begin(header); },
                [&](const RecordedEvent& event) { return add(event); },
                [&](const CommandRecord& record) { return add(record); },
                [&](const ExportedClaim& held) { return add(held); },
                [&](const LogEnd& end) { return finish(end); },
            },
            part
        );
        failed_ = !taken;
        return taken;
    }

    std::expected<LogEnd, ImportFault> commit() {
        if (failed_) return sqlite::unfit("the import has failed");
        if (stage_ != Stage::ended) return sqlite::damaged("cut off: the end is missing");
        sqlite::add_marks(target_->connection, marks_);
        target_->connection.exec("COMMIT");
        made_.keep();
        target_->connection.exec("PRAGMA wal_checkpoint(TRUNCATE)");
        target_.reset();
        return counted_;
    }

private:
    enum class Stage { nothing, events, commands, claims, ended };

    /// The log that is written to.
    struct Target {
        Target(const std::filesystem::path& directory, ImportMode mode)
            : connection(sqlite::open_for_writing(directory, StoreOptions().page_cache)),
              reads(connection.getHandle()),
              events(connection.getHandle(), reads),
              journal(connection.getHandle(), mode) {}

        bool is_empty() {
            return events.last_position() == 0 &&
                   connection.execAndGet("SELECT count(*) FROM commands").getInt() == 0;
        }

        SQLite::Database connection;
        sqlite::EventReads reads;
        sqlite::EventWriter events;
        sqlite::JournalImport journal;
    };

    /// Parts come in their order.
    sqlite::Taken enter(Stage stage) {
        if (stage_ == Stage::nothing) return sqlite::damaged("the header is missing");
        if (stage_ == Stage::ended) return sqlite::damaged("there is something after the end");
        if (stage < stage_) return sqlite::damaged("out of order");
        stage_ = stage;
        return {};
    }

    sqlite::Taken begin(const LogHeader& header) {
        if (stage_ != Stage::nothing) return sqlite::damaged("a second header");
        stage_ = Stage::events;
        header_ = header;
        if (mode_ == ImportMode::append) return {};
        if (!target_->is_empty()) {
            return sqlite::unfit("the log there is not empty: only --append can add to it");
        }
        if (header.from != 1) {
            return sqlite::unfit(fmt::format(
                "it begins at position {} of its log: it can only be appended", header.from
            ));
        }
        marks_.sparse = header.sparse;
        return {};
    }

    bool is_of_header(const TenantId& tenant) const {
        return !header_.tenant || *header_.tenant == tenant;
    }

    sqlite::Taken add(const RecordedEvent& event) {
        if (auto entered = enter(Stage::events); !entered) return entered;
        if (!is_of_header(event.tenant)) return sqlite::damaged("an event of another tenant");
        const auto least = last_in_file_ == 0 ? header_.from : last_in_file_ + 1;
        if (event.position < least || (!header_.sparse && event.position != least)) {
            return sqlite::damaged(fmt::format(
                "position {} where {} should be{}",
                event.position,
                least,
                header_.sparse ? " or more" : ""
            ));
        }
        last_in_file_ = event.position;
        if (auto followed = follow(event); !followed) return followed;
        ++counted_.events;
        return write(event);
    }

    /// The chain within the file.
    sqlite::Taken follow(const RecordedEvent& event) {
        auto known = chains_.find(event.tenant);
        if (known == chains_.end()) {
            const auto before = header_.continues.find(event.tenant);
            const auto start = before == header_.continues.end()
                                   ? hasher_.first(event.tenant.view())
                                   : before->second;
            known = chains_.emplace(event.tenant, start).first;
        }
        const auto hash = hasher_.next(known->second, link_of(event));
        if (hash != event.hash) {
            return sqlite::damaged(fmt::format(
                "event {} does not follow from the one before it of {} by its hash",
                event.position,
                event.tenant.view()
            ));
        }
        known->second = hash;
        return {};
    }

    sqlite::Taken write(const RecordedEvent& event) {
        auto& writer = target_->events;
        target_->journal.release(event.tenant);
        Append append;
        append.tenant = event.tenant;
        append.streams.push_back({event.stream, ExpectedVersion::any(), {}});
        append.streams.back().events.push_back(NewEvent{
            .id = event.id,
            .type = event.type,
            .schema = event.schema,
            .data = event.data,
            .metadata = event.metadata,
            .occurred_at = event.occurred_at,
        });
        if (const auto repeated = writer.find_repeated(append); !repeated || *repeated) {
            return sqlite::unfit("event " + event.id.str() + " is in the log there already");
        }
        if (event.recorded_at < writer.last_recorded()) marks_.times_go_back = true;
        writer.continue_at(
            mode_ == ImportMode::restore ? event.position : writer.last_position() + 1,
            event.recorded_at
        );
        written_.clear();
        writer.write(append, event.recorded_at, written_);
        const auto& written = written_.front();
        positions_.add(event.position, written.position);
        if (written.version != event.version) {
            return sqlite::unfit(fmt::format(
                "{} of {} is at version {} there, the next event is version {}",
                event.stream.view(),
                event.tenant.view(),
                written.version - 1,
                event.version
            ));
        }
        if (written.hash != event.hash) {
            return sqlite::unfit(fmt::format(
                "the chain of {} there ends elsewhere than where event {} goes on",
                event.tenant.view(),
                event.position
            ));
        }
        return {};
    }

    sqlite::Taken add(const CommandRecord& record) {
        if (auto entered = enter(Stage::commands); !entered) return entered;
        if (!is_of_header(record.tenant)) return sqlite::damaged("a command of another tenant");
        target_->journal.release(record.tenant);
        ++counted_.commands;
        return target_->journal.add(record, positions_);
    }

    sqlite::Taken add(const ExportedClaim& held) {
        if (auto entered = enter(Stage::claims); !entered) return entered;
        if (!is_of_header(held.tenant)) return sqlite::damaged("a claim of another tenant");
        target_->journal.release(held.tenant);
        ++counted_.claims;
        return target_->journal.add(held);
    }

    sqlite::Taken finish(const LogEnd& end) {
        if (auto entered = enter(Stage::ended); !entered) return entered;
        if (end == counted_) return {};
        return sqlite::damaged(fmt::format(
            "{} events, {} commands and {} claims were exported; here are {}, {} and {}",
            end.events,
            end.commands,
            end.claims,
            counted_.events,
            counted_.commands,
            counted_.claims
        ));
    }

    void give_up() {
        target_.reset();  // rolls back
        made_.remove();
    }

    ImportMode mode_;
    sqlite::MadeHere made_;
    DataLock lock_;
    std::unique_ptr<Target> target_;
    Stage stage_ = Stage::nothing;
    bool failed_ = false;
    LogHeader header_;
    LogMarks marks_;
    LogEnd counted_;
    HashChain hasher_;
    std::unordered_map<TenantId, events::Hash> chains_;
    Position last_in_file_ = 0;
    sqlite::PositionMap positions_;
    std::vector<sqlite::WrittenEvent> written_;
};

LogImport::LogImport(const std::filesystem::path& directory, ImportMode mode)
    : impl_(std::make_unique<Impl>(directory, mode)) {}

LogImport::~LogImport() = default;

std::expected<void, ImportFault> LogImport::take(const LogPart& part) {
    return impl_->take(part);
}

std::expected<LogEnd, ImportFault> LogImport::commit() {
    return impl_->commit();
}

}  // namespace vitrine::store
