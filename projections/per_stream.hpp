#pragma once

#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "events/catalogue.hpp"
#include "projections/payload.hpp"
#include "projections/projector.hpp"
#include "projections/row_cache.hpp"
#include "projections/sql.hpp"

// For the projectors: a read model with one row for each stream of a category, for the list and the
// detail. listed.hpp reads it.
namespace vitrine::projections {

/// What every such row has. A Row is made from it and has besides, for its own members,
///
///     static constexpr std::string_view category, table
///     bool read(std::string_view name, json::value)  a member of a payload, or of what `write`
///                                                    wrote; false: it is none of its own
///     void note(const RecordedEvent&)                what the type of an event says, after its
///                                                    members were read
///     void write(std::string& json) const            its own members, with json_append.hpp
///     std::string words() const                      what ?q= looks in, folded
///     static constexpr std::string_view looked_up[]  may be left out: other columns, each with an
///                                                    index
///     std::optional<std::string_view> value(std::string_view column) const
///                                                    what stands in one of these; nullopt: NULL
///     std::size_t bytes() const                      roughly, with all texts
struct StreamRow {
    std::string type;  // '': it has none
    std::string status;
    Timestamp created_at, updated_at;
    Version version = 0;  // 0: there is no such stream
    Position position = 0;
};

template <class Row>
concept HasLookedUp = requires { Row::looked_up; };

/// A row may say what its id is called, where that is another word than the category:
///
///     static constexpr std::string_view id_name = "checkout_id";
template <class Row>
std::string id_name_of() {
    if constexpr (requires { Row::id_name; }) {
        return std::string(Row::id_name);
    } else {
        return std::string(Row::category) + "_id";
    }
}

template <class Row>
class PerStream : public Projector {
public:
    PerStream(SQLite::Database& database, Tables tables)
        : insert_(
              database,
              insert_sql(
                  Row::table,
                  columns(),
                  tables == Tables::empty ? std::vector<std::string_view>()
                                          : std::vector<std::string_view>{"tenant", "id"}
              )
          ) {
        if (tables == Tables::filled) {
            select_.emplace(
                database,
                "SELECT body,type,status,created_at,updated_at,version,position FROM " +
                    std::string(Row::table) + " WHERE tenant=? AND id=?"
            );
        }
    }

    void apply(const RecordedEvent& event) override {
        auto* entry = rows_.find(event, Row::category, [&](Row& row) {
            if (select_) load(event.tenant, events::id_of(event.stream), row);
        });
        if (entry == nullptr || event.version <= entry->row.version) return;
        put(event, entry->row, payload_);
        rows_.mark(*entry);
    }

    /// As StreamState::fold.
    static std::string state_after(std::span<const RecordedEvent> events) {
        Row row;
        Payload payload;
        for (const auto& event : events) put(event, row, payload);
        return body_of(events::id_of(events.front().stream), row);
    }

    void write() override {
        rows_.write_changed([this](const auto& entry) { insert(entry.tenant, entry.id, entry.row); }
        );
    }

    void forget() override { rows_.clear(); }
    std::size_t bytes() const override { return rows_.bytes(); }

    static Table table() {
        const std::string name(Row::table);
        Table table;
        table.name = name;
        table.create = "CREATE TABLE " + name +
                       "("
                       " tenant TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,"
                       " status TEXT NOT NULL, search TEXT NOT NULL,"
                       " created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,"
                       " version INTEGER NOT NULL, position INTEGER NOT NULL,"
                       " body TEXT NOT NULL";
        for (const auto column : looked_up()) table.create.append(", ").append(column) += " TEXT";
        table.create += ')';
        table.key = {"tenant", "id"};
        table.indexes = {"CREATE UNIQUE INDEX " + name + "_key ON " + name + "(tenant, id)"};
        for (const auto* column : {"created_at", "updated_at", "search"}) {
            table.indexes.push_back(
                "CREATE INDEX " + name + '_' + column + " ON " + name + "(tenant, " + column +
                ", id)"
            );
        }
        for (const auto column : looked_up()) {
            const std::string own(column);
            table.indexes.push_back(
                "CREATE INDEX " + name + '_' + own + " ON " + name + "(tenant, " + own + ')'
            );
        }
        return table;
    }

private:
    static constexpr std::span<const std::string_view> looked_up() {
        if constexpr (HasLookedUp<Row>) return Row::looked_up;
        return {};
    }

    static std::optional<std::string_view> looked_up_value(const Row& row, std::size_t column) {
        if constexpr (HasLookedUp<Row>) return row.value(looked_up()[column]);
        return std::nullopt;
    }

    static std::vector<std::string_view> columns() {
        std::vector<std::string_view> names{
            "tenant",
            "id",
            "type",
            "status",
            "search",
            "created_at",
            "updated_at",
            "version",
            "position",
            "body"
        };
        for (const auto column : looked_up()) names.push_back(column);
        return names;
    }

    static void put(const RecordedEvent& event, Row& row, Payload& payload) {
        read_event(event, [&] {
            if (row.version == 0 && event.version != 1)
                throw std::runtime_error("the first event of the stream is missing");
            for (auto field : payload.open(event)) {
                const std::string_view name = field.unescaped_key();
                row.read(name, field.value());
            }
            row.note(event);
        });
        if (row.version == 0) row.created_at = event.recorded_at;
        row.updated_at = event.recorded_at;
        row.version = event.version;
        row.position = event.position;
    }

    void load(const TenantId& tenant, std::string_view id, Row& row) {
        auto found = (*select_)->run(tenant, id);
        if (!found.next()) return;
        for (auto field : payload_.open(found.text(0))) {
            const std::string_view name = field.unescaped_key();
            row.read(name, field.value());
        }
        row.type = found.text(1);
        row.status = found.text(2);
        row.created_at = found.time(3);
        row.updated_at = found.time(4);
        row.version = found.unsigned_number(5);
        row.position = found.unsigned_number(6);
    }

    static std::string body_of(std::string_view id, const Row& row) {
        std::string out = "{";
        append_text(out, id_name_of<Row>(), id);
        row.write(out);
        append_text(out, "status", row.status);
        append_number(out, "version", static_cast<std::int64_t>(row.version));
        append_text(out, "created_at", format_time(row.created_at));
        append_text(out, "updated_at", format_time(row.updated_at));
        append_number(out, "position", static_cast<std::int64_t>(row.position));
        return out + '}';
    }

    void insert(const TenantId& tenant, const std::string& id, const Row& row) {
        const auto words = row.words();
        const auto body = body_of(id, row);
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            insert_->execute(
                tenant,
                id,
                row.type,
                row.status,
                words,
                row.created_at,
                row.updated_at,
                row.version,
                row.position,
                body,
                looked_up_value(row, I)...
            );
        }(std::make_index_sequence<looked_up().size()>());
    }

    MadeStatement insert_;
    std::optional<MadeStatement> select_;
    RowCache<Row> rows_;
    Payload payload_;
};

/// The read model of that row, named as its table, of all event types of its category. Raise
/// `version` when the same events give other rows, and `readable_since` when they have other
/// columns.
template <class Row>
Projection per_stream(int version, int readable_since = 1) {
    Projection projection;
    projection.name = Row::table;
    projection.version = version;
    projection.readable_since = readable_since;
    projection.poison = Poison::park_stream;
    for (const auto& type : events::catalogue()) {
        if (type.category == Row::category) projection.event_types.emplace_back(type.name);
    }
    projection.tables.push_back(PerStream<Row>::table());
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<PerStream<Row>>(database, tables);
    };
    projection.stream_state = {Row::category, PerStream<Row>::state_after};
    return projection;
}

}  // namespace vitrine::projections
