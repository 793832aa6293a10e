#include "projections/applier.hpp"

#include <algorithm>

#include "projections/rebuild.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr std::size_t no_event = static_cast<std::size_t>(-1);
constexpr std::size_t batch = 1000;

/// Events of no interest that a restart may have to read again.
constexpr Position unsaved_limit = 10'000;

/// Commits, or rolls back when it goes without.
class Transaction {
public:
    explicit Transaction(SQLite::Database& database) : database_(database) {
        database_.exec("BEGIN IMMEDIATE");
    }
    ~Transaction() {
        if (!done_) database_.tryExec("ROLLBACK");
    }
    void commit() {
        database_.exec("COMMIT");
        done_ = true;
    }

private:
    SQLite::Database& database_;
    bool done_ = false;
};

}  // namespace

void create_model_file(const std::filesystem::path& file, const Projection& projection) {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("PRAGMA journal_mode=WAL");
    Transaction transaction(database);
    for (const auto& table : projection.tables) {
        database.exec(table.create);
        for (const auto& index : table.indexes) database.exec(index);
    }
    create_checkpoint(database);
    transaction.commit();
}

Applier::Applier(
    const std::filesystem::path& file, const Projection& projection, std::size_t cache_bytes
)
    : projection_(projection),
      cache_bytes_(cache_bytes),
      wanted_(projection.event_types.begin(), projection.event_types.end()),
      database_(open_for_writing(file)),
      projector_(projection_.open(*database_, Tables::filled)),
      checkpoint_(read_checkpoint(*database_)),
      saved_(checkpoint_.position) {}

Applier::~Applier() = default;

void Applier::apply(std::span<const RecordedEvent> events, Position upto) {
    auto failed = no_event;
    try {
        apply_all(events, upto, failed);
        return;
    } catch (const std::exception& error) {
        projector_->forget();
        if (failed == no_event) throw;
        const auto& poison = events[failed];
        if (failed > 0) {
            auto ignored = no_event;
            apply_all(events.first(failed), events[failed - 1].position, ignored);
        }
        throw PoisonEvent(poison.position, poison.type, error.what());
    } catch (...) {
        projector_->forget();
        throw;
    }
}

bool Applier::wants_any(std::span<const RecordedEvent> events) const {
    return std::ranges::any_of(events, [this](const RecordedEvent& event) {
        return event.position > checkpoint_.position && wanted_.contains(event.type);
    });
}

void Applier::apply_all(std::span<const RecordedEvent> events, Position upto, std::size_t& failed) {
    if (!wants_any(events) && upto < saved_ + unsaved_limit) {
        checkpoint_.position = std::max(upto, checkpoint_.position);
        return;
    }
    auto reached = checkpoint_;
    Transaction transaction(*database_);
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto& event = events[i];
        if (event.position <= checkpoint_.position || !wanted_.contains(event.type)) continue;
        failed = i;
        projector_->apply(event);
        ++reached.applied;
        reached.last_position = event.position;
        reached.last_event_id = event.id.str();
    }
    failed = no_event;
    projector_->write();
    reached.position = std::max(upto, reached.position);
    write_checkpoint(*database_, reached);
    transaction.commit();
    checkpoint_ = std::move(reached);
    saved_ = checkpoint_.position;
    if (projector_->bytes() > cache_bytes_) projector_->forget();
}

void catch_up(Applier& applier, store::EventStore& store, Position upto) {
    while (applier.position() < upto) {
        auto events = store.read_all(
            applier.position() + 1, store::Filter{}, batch, store::Direction::forwards
        );
        while (!events.empty() && events.back().position > upto) events.pop_back();
        applier.apply(events, events.empty() ? upto : events.back().position);
    }
}

bool same_log(const Checkpoint& checkpoint, store::EventStore& store) {
    if (checkpoint.position > store.head()) return false;
    if (checkpoint.last_position == 0) return true;
    const auto events =
        store.read_all(checkpoint.last_position, store::Filter{}, 1, store::Direction::forwards);
    return !events.empty() && events.front().position == checkpoint.last_position &&
           events.front().id.str() == checkpoint.last_event_id;
}

}  // namespace vitrine::projections
