#include "store/log_export.hpp"

#include <algorithm>

#include "store/damage.hpp"
#include "store/hash_chain.hpp"
#include "store/sql/statement.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/journal_reads.hpp"
#include "store/sqlite/log_marks.hpp"

namespace vitrine::store {
namespace sqlite {
namespace {

constexpr std::uint64_t progress_every = 4096;

class Export {
public:
    Export(SQLite::Database& connection, const ExportOptions& options)
        : options_(options),
          journal_(connection.getHandle()),
          head_(connection.getHandle(), "SELECT coalesce(max(position), 0) FROM event_log"),
          before_(
              connection.getHandle(),
              "SELECT tenant, hash FROM event_log WHERE position < ? ORDER BY position"
          ),
          events_(
              connection.getHandle(),
              "SELECT position, event_id, tenant, stream, version, type, schema, data, metadata, "
              "occurred_at, recorded_at, hash FROM event_log WHERE position >= ? ORDER BY position"
          ),
          claims_(
              connection.getHandle(),
              "SELECT tenant, kind, key, command_id FROM reservations ORDER BY tenant, kind, key"
          ) {
        header_.tenant = options.tenant;
        header_.from = std::max<Position>(options.from, 1);
        header_.sparse = options.tenant.has_value() || read_marks(connection).sparse;
    }

    LogEnd run(const std::function<void(const LogPart&)>& take) {
        note_chains();
        take(header_);
        take_events(take);
        journal_.each(header_.from, [&](CommandRecord record) {
            if (!is_wanted(record.tenant.view())) return;
            ++end_.commands;
            take(std::move(record));
        });
        take_claims(take);
        take(end_);
        return end_;
    }

private:
    bool is_wanted(std::string_view tenant) const {
        return !options_.tenant || options_.tenant->view() == tenant;
    }

    static events::Hash hash(const Statement::Run& row, int column) {
        const auto hash = parse_hash(row.text(column));
        if (!hash) throw Damaged("the event log is damaged: a hash is not well formed");
        return *hash;
    }

    void note_chains() {
        if (header_.from == 1) return;
        auto rows = before_.run(header_.from);
        while (rows.next()) {
            if (!is_wanted(rows.text(0))) continue;
            header_.continues.insert_or_assign(TenantId(rows.text(0)), hash(rows, 1));
        }
    }

    void take_events(const std::function<void(const LogPart&)>& take) {
        Position last = 0;
        if (auto row = head_.run(); row.next()) last = row.unsigned_number(0);
        std::uint64_t seen = 0;
        auto rows = events_.run(header_.from);
        while (rows.next()) {
            if (options_.progress && ++seen % progress_every == 0)
                options_.progress(rows.unsigned_number(0), last);
            if (!is_wanted(rows.text(2))) continue;
            ++end_.events;
            take(events::RecordedEvent{
                .position = rows.unsigned_number(0),
                .id = EventId(rows.text(1)),
                .tenant = TenantId(rows.text(2)),
                .stream = StreamName(rows.text(3)),
                .version = rows.unsigned_number(4),
                .type = rows.string(5),
                .schema = static_cast<int>(rows.number(6)),
                .data = rows.string(7),
                .metadata = rows.string(8),
                .occurred_at = rows.time(9),
                .recorded_at = rows.time(10),
                .hash = hash(rows, 11),
            });
        }
    }

    void take_claims(const std::function<void(const LogPart&)>& take) {
        auto rows = claims_.run();
        while (rows.next()) {
            if (!is_wanted(rows.text(0))) continue;
            ++end_.claims;
            take(ExportedClaim{
                TenantId(rows.text(0)),
                {rows.string(1), rows.string(2)},
                CommandId(rows.text(3)),
            });
        }
    }

    const ExportOptions& options_;
    LogHeader header_;
    LogEnd end_;
    JournalReads journal_;
    Statement head_, before_, events_, claims_;
};

}  // namespace
}  // namespace sqlite

LogEnd export_log(
    const std::filesystem::path& directory,
    const ExportOptions& options,
    const std::function<void(const LogPart&)>& take
) {
    auto connection = sqlite::open_for_reading(directory);
    connection.exec("BEGIN");  // one moment
    const auto end = sqlite::Export(connection, options).run(take);
    connection.exec("COMMIT");
    return end;
}

}  // namespace vitrine::store
