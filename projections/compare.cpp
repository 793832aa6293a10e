#include "projections/compare.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <stdexcept>

#include "core/sha256.hpp"
#include "core/text.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

/// A value as text with its type before it, so that NULL, 1 and '1' differ.
std::string value_at(const SQLite::Column& column) {
    if (column.isNull()) return "n";
    const char type = column.isInteger() ? 'i' : column.isFloat() ? 'f' : 't';
    return type + column.getString();
}

std::string shown(const std::string& value) {
    return value == "n" ? "" : value.substr(1);
}

/// Of values, each with its length before it.
class Digest {
public:
    Digest() { sha256_.begin(); }
    void add(std::string_view value) {
        sha256_.add(std::to_string(value.size()) + ':');
        sha256_.add(value);
    }
    std::string hex() { return to_hex(bytes_of(sha256_.end())); }

private:
    Sha256 sha256_;
};

/// The rows of a table in key order; the key columns come first, once more.
class Rows {
public:
    Rows(SQLite::Database& database, const Table& table)
        : keys_(static_cast<int>(table.key.size())), select_(database, sql_of(table)) {
        next();
    }

    bool there() const { return there_; }
    const std::vector<std::string>& values() const { return values_; }
    std::uint64_t count() const { return count_; }
    std::string digest() { return digest_.hex(); }

    std::string column(std::size_t index) const {
        return select_.getColumnName(static_cast<int>(index));
    }

    std::string key() const {
        std::string key;
        for (int i = 0; i < keys_; ++i) {
            if (i > 0) key += '/';
            key += shown(values_[static_cast<std::size_t>(i)]);
        }
        return key;
    }

    void next() {
        there_ = select_.executeStep();
        if (!there_) return;
        ++count_;
        values_.clear();
        for (int i = 0; i < select_.getColumnCount(); ++i) {
            values_.push_back(value_at(select_.getColumn(i)));
            if (i >= keys_) digest_.add(values_.back());
        }
    }

    /// Below, at or above the key of the other's row, as SQLite sorts them.
    int compare_keys(const Rows& other) const {
        for (int i = 0; i < keys_; ++i) {
            const auto index = static_cast<std::size_t>(i);
            if (values_[index] == other.values_[index]) continue;
            if (values_[index][0] == 'i' && other.values_[index][0] == 'i') {
                return number(i) < other.number(i) ? -1 : 1;
            }
            return values_[index] < other.values_[index] ? -1 : 1;
        }
        return 0;
    }

private:
    static std::string sql_of(const Table& table) {
        std::string keys;
        for (const auto& column : table.key) keys += (keys.empty() ? "" : ",") + column;
        return "SELECT " + keys + ",* FROM " + table.name + " ORDER BY " + keys;
    }

    std::int64_t number(int column) const { return select_.getColumn(column).getInt64(); }

    int keys_;
    mutable SQLite::Statement select_;  // SQLiteCpp reads columns through a non-const member
    std::vector<std::string> values_;
    std::uint64_t count_ = 0;
    bool there_ = false;
    Digest digest_;
};

/// Counts the rows of all tables for whoever wants to be told.
class RowCount {
public:
    RowCount(
        const Projection& projection,
        SQLite::Database& live,
        SQLite::Database& rebuilt,
        const RowsCompared& compared
    )
        : compared_(compared) {
        if (!compared_) return;
        for (const auto& table : projection.tables) {
            for (auto* database : {&live, &rebuilt}) total_ += rows_of(*database, table);
        }
        tell();
    }

    void add(std::uint64_t rows) {
        done_ += rows;
        if (done_ >= told_ + rows_between) tell();
    }

    void tell() {
        told_ = done_;
        if (compared_) compared_(done_, total_);
    }

private:
    static constexpr std::uint64_t rows_between = 1024;

    static std::uint64_t rows_of(SQLite::Database& database, const Table& table) {
        return static_cast<std::uint64_t>(
            database.execAndGet("SELECT COUNT(*) FROM " + table.name).getInt64()
        );
    }

    const RowsCompared& compared_;
    std::uint64_t total_ = 0;
    std::uint64_t done_ = 0;
    std::uint64_t told_ = 0;
};

class TableWalk {
public:
    TableWalk(
        const Table& table,
        SQLite::Database& live,
        SQLite::Database& rebuilt,
        RowCount& count,
        std::vector<RowDifference>& examples,
        std::size_t example_limit
    )
        : table_(table),
          live_(live, table),
          rebuilt_(rebuilt, table),
          count_(count),
          examples_(examples),
          example_limit_(example_limit) {
        result_.table = table.name;
    }

    TableComparison walk() {
        while (live_.there() || rebuilt_.there()) {
            const int order = !live_.there()      ? 1
                              : !rebuilt_.there() ? -1
                                                  : live_.compare_keys(rebuilt_);
            if (order == 0) {
                compare_rows();
                live_.next();
                rebuilt_.next();
                count_.add(2);
            } else if (order < 0) {
                ++result_.only_live;
                note({table_.name, live_.key(), "", "present", ""});
                live_.next();
                count_.add(1);
            } else {
                ++result_.only_rebuilt;
                note({table_.name, rebuilt_.key(), "", "", "present"});
                rebuilt_.next();
                count_.add(1);
            }
        }
        result_.live_rows = live_.count();
        result_.rebuilt_rows = rebuilt_.count();
        result_.live_digest = live_.digest();
        result_.rebuilt_digest = rebuilt_.digest();
        return result_;
    }

private:
    void compare_rows() {
        const auto [ours, theirs] = std::ranges::mismatch(live_.values(), rebuilt_.values());
        if (ours == live_.values().end()) return;
        ++result_.different;
        const auto index = static_cast<std::size_t>(ours - live_.values().begin());
        note({table_.name, live_.key(), live_.column(index), shown(*ours), shown(*theirs)});
    }

    void note(RowDifference difference) {
        if (examples_.size() < example_limit_) examples_.push_back(std::move(difference));
    }

    const Table& table_;
    Rows live_;
    Rows rebuilt_;
    RowCount& count_;
    std::vector<RowDifference>& examples_;
    std::size_t example_limit_;
    TableComparison result_;
};

}  // namespace

bool Comparison::equal() const {
    return std::ranges::all_of(tables, [](const TableComparison& table) {
        return table.only_live == 0 && table.only_rebuilt == 0 && table.different == 0;
    });
}

Comparison compare(
    const Projection& projection,
    const std::filesystem::path& live,
    const std::filesystem::path& rebuilt,
    const RowsCompared& compared,
    std::size_t example_limit
) {
    const auto live_file = open_for_reading(live);
    const auto rebuilt_file = open_for_reading(rebuilt);
    RowCount count(projection, *live_file, *rebuilt_file, compared);
    Comparison comparison;
    for (const auto& table : projection.tables) {
        TableWalk walk(table, *live_file, *rebuilt_file, count, comparison.examples, example_limit);
        comparison.tables.push_back(walk.walk());
    }
    count.tell();
    return comparison;
}

}  // namespace vitrine::projections
