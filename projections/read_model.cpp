#include "projections/read_model.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <string>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr std::size_t idle_limit = 32;

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
        return std::hash<std::string_view>{}(text);
    }
};

}  // namespace

class Connection {
public:
    explicit Connection(const std::filesystem::path& file) : database_(open_for_reading(file)) {}

    Statement& statement(std::string_view sql) {
        auto found = statements_.find(sql);
        if (found == statements_.end()) {
            found = statements_.try_emplace(std::string(sql)).first;
            found->second =
                std::make_unique<Statement>(database_->getHandle(), found->first.c_str());
        }
        return *found->second;
    }

    /// A table that is there stays: it is asked for once.
    bool has_table(std::string_view name) {
        if (std::ranges::find(tables_, name) != tables_.end()) return true;
        auto& select = statement("SELECT 1 FROM sqlite_schema WHERE type='table' AND name=?");
        if (!select.run(name).next()) return false;
        tables_.emplace_back(name);
        return true;
    }

    /// What follows sees one state of the file, the first that it reads, until it is let go.
    /// `changes`: of the file, begun and ended ones, before that.
    void begin(std::uint64_t changes) {
        statement("BEGIN").execute();
        changes_ = changes;
    }

    /// Not after a fault of the disk, which ends the transaction.
    bool holds_state() const { return sqlite3_get_autocommit(database_->getHandle()) == 0; }

    /// False: this connection is of no use any more.
    bool let_go() noexcept { return !holds_state() || database_->tryExec("COMMIT") == SQLITE_OK; }

    std::uint64_t changes() const { return changes_; }

private:
    std::unique_ptr<SQLite::Database> database_;
    std::unordered_map<std::string, std::unique_ptr<Statement>, TextHash, std::equal_to<>>
        statements_;
    std::vector<std::string> tables_;  // that it has
    std::uint64_t changes_ = 0;
};

Generation::Generation(std::filesystem::path file, std::uint64_t number)
    : file_(std::move(file)), number_(number) {}

Generation::~Generation() {
    idle_.clear();
    if (remover_) remover_->remove(file_);
}

void Generation::retire(std::shared_ptr<FileRemover> remover) {
    const std::scoped_lock lock(mutex_);
    remover_ = std::move(remover);
}

std::unique_ptr<Connection> Generation::take() {
    std::unique_ptr<Connection> connection;
    std::uint64_t changes = 0;
    {
        const std::scoped_lock lock(mutex_);
        changes = changes_;
        if (!idle_.empty()) {
            connection = std::move(idle_.back());
            idle_.pop_back();
            if (connection->holds_state()) return connection;
        }
    }
    if (!connection) connection = std::make_unique<Connection>(file_);
    connection->begin(changes);
    return connection;
}

void Generation::give_back(std::unique_ptr<Connection> connection) {
    const std::scoped_lock lock(mutex_);
    if (idle_.size() >= idle_limit) return;
    const bool is_old = writing_ || connection->changes() != changes_;
    if (is_old && !connection->let_go()) return;
    idle_.push_back(std::move(connection));
}

void Generation::close_idle() {
    const std::scoped_lock lock(mutex_);
    idle_.clear();
}

void Generation::writing() {
    const std::scoped_lock lock(mutex_);
    writing_ = true;
    ++changes_;
    std::erase_if(idle_, [](const auto& connection) { return !connection->let_go(); });
}

void Generation::written() {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(writing_, false)) ++changes_;
}

Lease::Lease(std::shared_ptr<Generation> generation, const ReadModel& model, Position position)
    : generation_(std::move(generation)),
      connection_(generation_->take()),
      model_(&model),
      position_(position) {}

Lease::Lease(Lease&&) noexcept = default;

Lease& Lease::operator=(Lease&& other) noexcept {
    std::swap(generation_, other.generation_);
    std::swap(connection_, other.connection_);
    std::swap(model_, other.model_);
    std::swap(position_, other.position_);
    return *this;
}

Lease::~Lease() {
    if (connection_) generation_->give_back(std::move(connection_));
}

Statement& Lease::statement(std::string_view sql) {
    return connection_->statement(sql);
}

bool Lease::has_table(std::string_view name) {
    return connection_->has_table(name);
}

void Lease::read_position() {
    auto checkpoint = statement("SELECT position FROM checkpoint").run();
    if (checkpoint.next()) saw(checkpoint.unsigned_number(0));
}

void Lease::saw(Position position) {
    if (position <= position_) return;
    position_ = position;
    model_->advance(position);
}

std::optional<Lease> ReadModel::lease() const {
    // Position first: the generation read after it has at least that.
    const auto at = position();
    auto live = generation();
    if (!live) return std::nullopt;
    return Lease(std::move(live), *this, at);
}

std::shared_ptr<Generation> ReadModel::generation() const {
    const std::scoped_lock lock(mutex_);
    return generation_;
}

void ReadModel::advance(Position position) const {
    auto known = position_.load(std::memory_order_relaxed);
    while (known < position &&
           !position_.compare_exchange_weak(known, position, std::memory_order_release)) {
    }
}

void ReadModel::publish(std::shared_ptr<Generation> generation, Position position) {
    {
        const std::scoped_lock lock(mutex_);
        generation_.swap(generation);
    }
    advance(position);
}

}  // namespace vitrine::projections
