#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "projections/file_remover.hpp"

namespace vitrine::store::sqlite {
class Statement;
}

namespace vitrine::projections {

class Connection;

/// One file of a read model, as readers see it: a pool of read-only connections with their prepared
/// statements. A connection at rest keeps the state of the file that it has read, since SQLite
/// locks and unlocks the file for each new one; until the file is about to change. The file of a
/// retired generation is removed when the last reader has ended. Concurrency: any thread.
class Generation : public std::enable_shared_from_this<Generation> {
public:
    Generation(std::filesystem::path file, std::uint64_t number);
    ~Generation();
    Generation(const Generation&) = delete;
    Generation& operator=(const Generation&) = delete;

    const std::filesystem::path& file() const { return file_; }
    std::uint64_t number() const { return number_; }

    /// Whoever ends last with it leaves the file to `remover`.
    void retire(std::shared_ptr<FileRemover> remover);

    /// The file is about to change: nobody at rest holds a state of it from here on, so that its
    /// WAL can begin anew.
    void writing();

    /// Closes the connections at rest: who writes then closes the file last, and SQLite removes
    /// what it keeps beside it, which one that only reads cannot.
    void close_idle();

    /// It has changed. Until this is called queries read as they would without a state kept.
    void written();

private:
    friend class Lease;
    std::unique_ptr<Connection> take();
    void give_back(std::unique_ptr<Connection> connection);

    std::filesystem::path file_;
    std::uint64_t number_;
    std::mutex mutex_;
    std::shared_ptr<FileRemover> remover_;  // nullptr: not retired
    std::vector<std::unique_ptr<Connection>> idle_;
    std::uint64_t changes_ = 0;  // one when a change begins, one when it has ended
    bool writing_ = false;
};

class ReadModel;

/// A connection of a generation, for one query on one thread: it sees one state of the file until
/// it ends. Keeps the generation alive; the read model outlives it.
class Lease {
public:
    Lease(std::shared_ptr<Generation> generation, const ReadModel& model, Position position);
    Lease(Lease&&) noexcept;
    Lease& operator=(Lease&&) noexcept;
    ~Lease();

    /// The events up to here are in the rows that this lease sees (perhaps later ones too).
    Position position() const { return position_; }

    /// The prepared statement of that text; it stays with the connection.
    store::sqlite::Statement& statement(std::string_view sql);

    /// A file of a former version may lack it.
    bool has_table(std::string_view name);

    /// Raises `position` to that of the state seen: the file may be farther.
    void read_position();

    /// A row told that the file is as far as that. No later lease of the read model says less.
    void saw(Position position);

private:
    std::shared_ptr<Generation> generation_;
    std::unique_ptr<Connection> connection_;
    const ReadModel* model_;
    Position position_;
};

/// The live state of one projection for its readers. Concurrency: any thread.
class ReadModel {
public:
    /// nullopt: the first generation is still being built.
    std::optional<Lease> lease() const;

    /// Events up to here are visible. Never decreases.
    Position position() const { return position_.load(std::memory_order_acquire); }

    std::shared_ptr<Generation> generation() const;

    // For the runner:
    void publish(std::shared_ptr<Generation> generation, Position position);
    void advance(Position position) const;

private:
    mutable std::mutex mutex_;  // of generation_
    std::shared_ptr<Generation> generation_;
    // Readers advance it too: between a commit and the runner's word of it they have seen the rows.
    mutable std::atomic<Position> position_ = 0;
};

}  // namespace vitrine::projections
