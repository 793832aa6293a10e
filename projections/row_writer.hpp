#pragma once

// For the projectors: rows of a bulk load go into the tables on a thread of their own.

#include <algorithm>
#include <array>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "projections/sql.hpp"

namespace vitrine::projections {

/// Does one piece of work after the other on its thread, so that events are folded meanwhile.
///
/// Concurrency: one thread uses it; until `wait` has returned nobody else may use what the work
/// uses. Errors: what the work threw is thrown by the next `post` or `wait`, and the rest of it is
/// left undone.
/// Limits: `post` waits while there are 16 pieces.
class RowWriter {
public:
    using Work = std::move_only_function<void()>;

    RowWriter();
    ~RowWriter();  // what has not been begun is left undone

    void post(Work work);

    /// Until all is done.
    void wait();

private:
    void run();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Work> pieces_;
    bool working_ = false;
    bool stopped_ = false;
    std::exception_ptr error_;
    std::thread thread_;
};

/// An INSERT into so many columns: at once or, when it has a writer, by that and many rows at a
/// time, which takes SQLite a quarter less.
template <std::size_t Columns>
class Insert {
public:
    /// See insert_sql. `writer`, which ends before this; nullptr: at once.
    Insert(
        SQLite::Database& database,
        std::string_view table,
        const std::array<std::string_view, Columns>& names,
        const std::vector<std::string_view>& key,
        RowWriter* writer
    )
        : one_(database, insert_sql(table, names, key, 1)),
          many_(database, insert_sql(table, names, key, rows_at_once)),
          writer_(writer) {}

    template <class... Values>
    void execute(const Values&... values) {
        static_assert(sizeof...(values) == Columns);
        if (writer_ == nullptr) return one_->execute(values...);
        const auto size = (bytes_of(values) + ...);
        if (!rows_ || rows_->size - rows_->used < size) {
            hand_over();
            rows_ = empty_rows(size);
        }
        (rows_->keep(values), ...);
    }

    /// What is left for the writer.
    void hand_over() {
        if (!rows_) return;
        writer_->post([this, rows = std::move(rows_)]() mutable {
            write(rows->values);
            rows->clear();
            const std::scoped_lock lock(mutex_);
            spent_.push_back(std::move(rows));
        });
    }

private:
    using Value = std::variant<std::nullptr_t, std::int64_t, std::string_view>;
    static constexpr std::size_t rows_at_once = 16;
    static constexpr std::size_t usual_size = std::size_t{128} * 1024;

    struct Rows {
        explicit Rows(std::size_t bytes)
            : size(bytes), texts(std::make_unique_for_overwrite<char[]>(bytes)) {
            values.reserve(bytes / 64);
        }

        void keep(std::string_view text) {
            char* const to = texts.get() + used;
            std::ranges::copy(text, to);
            used += text.size();
            values.emplace_back(std::string_view(to, text.size()));
        }
        template <class Tag>
        void keep(const Strong<Tag>& text) {
            keep(text.view());
        }
        void keep(std::nullptr_t) { values.emplace_back(nullptr); }
        void keep(std::integral auto number) {
            values.emplace_back(static_cast<std::int64_t>(number));
        }
        void keep(Timestamp time) { keep(time.time_since_epoch().count()); }
        template <class T>
        void keep(const std::optional<T>& value) {
            if (value) {
                keep(*value);
            } else {
                keep(nullptr);
            }
        }

        void clear() {
            used = 0;
            values.clear();
        }

        std::size_t size, used = 0;  // of the texts
        std::unique_ptr<char[]> texts;
        std::vector<Value> values;  // row after row
    };

    /// With room for a row of that size; in memory that has been used before, since for new memory
    /// the machine would first have to clear it.
    std::unique_ptr<Rows> empty_rows(std::size_t size) {
        const std::scoped_lock lock(mutex_);
        if (spent_.empty() || spent_.back()->size < size) {
            return std::make_unique<Rows>(std::max(size, usual_size));
        }
        auto rows = std::move(spent_.back());
        spent_.pop_back();
        return rows;
    }

    /// Of its text.
    template <class T>
    static std::size_t bytes_of(const T& value) {
        if constexpr (requires { value.view(); }) return value.view().size();
        if constexpr (std::convertible_to<const T&, std::string_view>)
            return std::string_view(value).size();
        if constexpr (requires { value.has_value(); }) return value ? bytes_of(*value) : 0;
        return 0;
    }

    void write(std::span<const Value> values) {
        constexpr auto many = rows_at_once * Columns;
        for (; values.size() >= many; values = values.subspan(many)) {
            execute(many_, values, std::make_index_sequence<many>());
        }
        for (; !values.empty(); values = values.subspan(Columns)) {
            execute(one_, values, std::make_index_sequence<Columns>());
        }
    }

    template <std::size_t... Index>
    static void
    execute(MadeStatement& statement, std::span<const Value> values, std::index_sequence<Index...>) {
        statement->execute(values[Index]...);
    }

    MadeStatement one_, many_;
    RowWriter* writer_;
    std::unique_ptr<Rows> rows_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Rows>> spent_;
};

}  // namespace vitrine::projections
