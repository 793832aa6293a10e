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
        const Value row[] = {value_of(values)...};
        std::size_t size = 0;
        for (const auto& value : row) size += text_in(value).size();
        if (!rows_ || rows_->size - rows_->used < size) {
            hand_over();
            rows_ = empty_rows(size);
        }
        for (const auto& value : row) rows_->keep(value);
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

        void keep(Value value) {
            const auto text = text_in(value);
            if (text.data() != nullptr) {
                char* const to = texts.get() + used;
                std::ranges::copy(text, to);
                used += text.size();
                value = std::string_view(to, text.size());
            }
            values.push_back(value);
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

    static std::string_view text_in(const Value& value) {
        const auto* text = std::get_if<std::string_view>(&value);
        return text == nullptr ? std::string_view() : *text;
    }

    static Value value_of(std::string_view text) { return text; }
    static Value value_of(std::nullptr_t) { return nullptr; }
    template <class Tag>
    static Value value_of(const Strong<Tag>& text) {
        return text.view();
    }
    static Value value_of(std::integral auto number) { return static_cast<std::int64_t>(number); }
    static Value value_of(Timestamp time) { return std::int64_t{time.time_since_epoch().count()}; }
    template <class T>
    static Value value_of(const std::optional<T>& value) {
        return value ? value_of(*value) : value_of(nullptr);
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
