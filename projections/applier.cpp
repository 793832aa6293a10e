#include "projections/applier.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <boost/mp11/algorithm.hpp>

#include "events/people.hpp"
#include "events/structs_of.hpp"
#include "projections/poison.hpp"
#include "projections/sql.hpp"
#include "projections/transaction.hpp"

namespace vitrine::projections {
namespace {

constexpr std::size_t no_event = static_cast<std::size_t>(-1);
constexpr std::size_t batch = 1000;

/// Events of no interest that a restart may have to read again.
constexpr Position unsaved_limit = 10'000;

std::string waits_for(Position position) {
    return "waits for the event at position " + std::to_string(position);
}

std::vector<const RecordedEvent*> pointers_to(std::span<const RecordedEvent> events) {
    std::vector<const RecordedEvent*> all;
    all.reserve(events.size());
    for (const auto& event : events) all.push_back(&event);
    return all;
}

bool names_people(const Projection& projection) {
    return std::ranges::any_of(projection.event_types, [](const auto& type) {
        return events::names_people(type);
    });
}

}  // namespace

/// What a transaction changes beside the rows.
struct Applier::Staged {
    Checkpoint reached;
    Tallies added;
    std::vector<ParkedEvent> parked;
    std::vector<Position> freed;  // no longer parked or blocking
};

void create_model_file(const std::filesystem::path& file, const Projection& projection) {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("PRAGMA journal_mode=WAL");
    Transaction transaction(database);
    for (const auto& table : projection.tables) {
        database.exec(table.create);
        for (const auto& index : table.indexes) database.exec(index);
    }
    create_bookkeeping(database);
    transaction.commit();
}

Applier::Applier(
    store::EventStore& store,
    const std::filesystem::path& file,
    const Projection& projection,
    std::size_t cache_bytes
)
    : store_(store),
      projection_(projection),
      decisions_(events::projection_stream(projection.name)),
      cache_bytes_(cache_bytes),
      wanted_(projection.event_types.begin(), projection.event_types.end()),
      database_(open_for_writing(file)),
      projector_(projection_.open(*database_, Tables::filled)),
      checkpoint_(read_checkpoint(*database_)),
      saved_(checkpoint_.position),
      tallies_(read_tallies(*database_)),
      // What was given up stays so, even if this program could apply it.
      dismissed_(dismissals(store, projection.name)) {
    // What a row said of somebody who was erased is overwritten, not only given up.
    if (names_people(projection)) database_->exec("PRAGMA secure_delete=ON");
    count_parked();
}

Applier::~Applier() = default;

void Applier::before_commits(std::function<void()> writing) {
    writing_ = std::move(writing);
    const auto call = [](void* applier) {
        static_cast<Applier*>(applier)->writing_();
        return 0;  // go on
    };
    sqlite3_commit_hook(database_->getHandle(), call, this);
}

void Applier::apply(std::span<const store::SharedEvent> events, Position upto) {
    std::vector<const RecordedEvent*> all;
    all.reserve(events.size());
    for (const auto& event : events) all.push_back(event.get());
    apply_all(all, upto);
}

void Applier::apply(std::span<const RecordedEvent> events, Position upto) {
    apply_all(pointers_to(events), upto);
}

void Applier::apply_all(Events events, Position upto) {
    while (!events.empty()) {
        const auto decided = std::ranges::find_if(events, [this](const RecordedEvent* event) {
            return decision_in(*event).has_value();
        });
        if (decided == events.end()) break;
        const auto& decision = **decided;
        const auto before = events.first(static_cast<std::size_t>(decided - events.begin()));
        apply_part(before, decision.position - 1, projection_.poison);
        release(decision, *decision_in(decision));
        // It may be of interest as any other event is.
        apply_part(events.subspan(before.size(), 1), decision.position, projection_.poison);
        events = events.subspan(before.size() + 1);
    }
    apply_part(events, upto, projection_.poison);
}

void Applier::apply_strictly(std::span<const RecordedEvent> events, Position upto) {
    if (parked_ > 0) {
        const auto waiting = read_parked(*database_, std::nullopt);
        const auto first = std::ranges::find_if(waiting, [](const ParkedEvent& event) {
            return event.state != ParkedState::dismissed;
        });
        throw PoisonEvent(first->position, first->type, first->reason);
    }
    apply_part(pointers_to(events), upto, Poison::stop);
}

void Applier::apply_part(Events events, Position upto, Poison policy) {
    for (;;) {
        auto failed = no_event;
        std::string reason;
        try {
            commit(events, upto, failed);
            return;
        } catch (const std::exception& error) {
            projector_->forget();
            if (failed == no_event || !blames_the_event(error)) throw;
            reason = error.what();
        } catch (...) {
            projector_->forget();
            throw;
        }
        const auto& poison = *events[failed];
        auto ignored = no_event;
        if (failed > 0) commit(events.first(failed), poison.position - 1, ignored);
        events = events.subspan(failed);
        if (learn_dismissal(poison.position)) continue;
        if (policy == Poison::stop) {
            stop_before(poison, reason);
            throw PoisonEvent(poison.position, poison.type, reason);
        }
        park(poison, reason);
        events = events.subspan(1);
    }
}

bool Applier::is_new(const RecordedEvent& event) const {
    return event.position > checkpoint_.position && wanted_.contains(event.type);
}

bool Applier::wants_any(Events events) const {
    return std::ranges::any_of(events, [this](const RecordedEvent* event) {
        return is_new(*event);
    });
}

/// What a parked event holds up.
std::string Applier::group_of(const TenantId& tenant, const StreamName& stream) const {
    if (projection_.poison == Poison::park_tenant) return tenant.str();
    return tenant.str() + '/' + stream.str();
}

void Applier::commit(Events events, Position upto, std::size_t& failed) {
    if (!wants_any(events) && upto < saved_ + unsaved_limit) {
        checkpoint_.position = std::max(upto, checkpoint_.position);
        return;
    }
    Transaction transaction(*database_);
    Staged staged{checkpoint_, {}, {}, {}};
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (!is_new(*events[i])) continue;
        failed = i;
        stage(*events[i], staged);
    }
    failed = no_event;
    projector_->write();
    staged.reached.position = std::max(upto, staged.reached.position);
    save(staged);
    transaction.commit();
    settle(std::move(staged));
    // The frames of before still have what was overwritten.
    const bool erases = std::ranges::any_of(events, [this](const RecordedEvent* event) {
        return wanted_.contains(event->type) && events::erases_person(event->type);
    });
    if (erases) database_->exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

void Applier::stage(const RecordedEvent& event, Staged& staged) {
    if (auto kept = given_up(dismissed_, event)) {
        staged.parked.push_back(*std::move(kept));
        return;
    }
    if (!groups_.empty()) {
        const auto group = groups_.find(group_of(event.tenant, event.stream));
        if (group != groups_.end()) {
            staged.parked.push_back(
                parked_event(event, waits_for(group->second), ParkedState::parked)
            );
            return;
        }
    }
    projector_->apply(event);
    ++staged.reached.applied;
    staged.reached.last_position = event.position;
    staged.reached.last_event_id = event.id.str();
    staged.added.add(event);
    if (blocking_ == event.position) staged.freed.push_back(event.position);
}

void Applier::save(const Staged& staged) {
    for (const auto position : staged.freed) erase_parked(*database_, position);
    for (const auto& event : staged.parked) write_parked(*database_, event);
    write_tallies(*database_, tallies_, staged.added);
    write_checkpoint(*database_, staged.reached);
}

/// After the commit.
void Applier::settle(Staged staged) {
    checkpoint_ = std::move(staged.reached);
    saved_ = checkpoint_.position;
    tallies_.add(staged.added);
    if (!staged.parked.empty() || !staged.freed.empty()) count_parked();
    if (projector_->bytes() > cache_bytes_) projector_->forget();
}

void Applier::count_parked() {
    groups_.clear();
    blocking_.reset();
    parked_ = 0;
    for (const auto& event : read_parked(*database_, std::nullopt)) {
        if (event.state == ParkedState::dismissed) continue;
        ++parked_;
        if (event.state == ParkedState::blocking) {
            blocking_ = event.position;
        } else {
            groups_.try_emplace(group_of(event.tenant, event.stream), event.position);
        }
    }
}

/// Notes it for whoever lists parked events; the checkpoint stays.
void Applier::stop_before(const RecordedEvent& event, const std::string& reason) {
    if (blocking_ == event.position) return;
    Transaction transaction(*database_);
    write_parked(*database_, parked_event(event, reason, ParkedState::blocking));
    transaction.commit();
    count_parked();
}

void Applier::park(const RecordedEvent& event, const std::string& reason) {
    Transaction transaction(*database_);
    Staged staged{checkpoint_, {}, {}, {}};
    staged.reached.position = event.position;
    staged.parked.push_back(parked_event(event, reason, ParkedState::parked));
    save(staged);
    transaction.commit();
    settle(std::move(staged));
}

/// True: operators have given it up, though the log says so only later.
bool Applier::learn_dismissal(Position position) {
    if (dismissed_.contains(position)) return false;
    dismissed_ = dismissals(store_, projection_.name);
    return dismissed_.contains(position);
}

/// What operators decided about this projection.
std::optional<events::ProjectionEvent> Applier::decision_in(const RecordedEvent& event) const {
    if (event.stream != decisions_ || event.position <= checkpoint_.position) return std::nullopt;
    return projections::decision_in(event);
}

/// The checkpoint passes the decision, unless that is an event to be applied too: then it is done
/// again after a crash between the two.
void Applier::release(const RecordedEvent& at, const events::ProjectionEvent& decision) {
    const auto stream = std::visit([](const auto& event) { return event.stream; }, decision);
    Dismissals given_up;
    if (const auto* dismissal = std::get_if<events::ParkedStreamDismissed>(&decision)) {
        given_up = dismissals_of(*dismissal);
    }
    Staged base{checkpoint_, {}, {}, {}};
    if (!wanted_.contains(at.type)) base.reached.position = at.position;
    std::vector<ParkedEvent> waiting;
    for (auto& event : read_parked(*database_, at.tenant)) {
        if (event.state != ParkedState::parked) continue;
        if (group_of(event.tenant, event.stream) != group_of(at.tenant, stream)) continue;
        const auto found = given_up.find(event.position);
        if (found == given_up.end()) {
            waiting.push_back(std::move(event));
        } else {
            event.state = ParkedState::dismissed;
            event.reason = found->second;
            base.parked.push_back(std::move(event));
        }
    }
    retry(waiting, std::move(base));
}

/// As many as can be applied; the first that cannot keeps what follows parked.
void Applier::retry(std::vector<ParkedEvent> waiting, Staged base) {
    auto count = waiting.size();
    for (;;) {
        auto staged = base;
        auto failed = no_event;
        try {
            Transaction transaction(*database_);
            for (std::size_t i = 0; i < count; ++i) {
                const auto found = store_.read_all(
                    waiting[i].position, store::Filter{}, 1, store::Direction::forwards
                );
                failed = i;
                projector_->apply(found.at(0));
                ++staged.reached.applied;
                staged.added.add(found[0]);
                staged.freed.push_back(waiting[i].position);
            }
            failed = no_event;
            projector_->write();
            staged.parked.insert(
                staged.parked.end(),
                waiting.begin() + static_cast<std::ptrdiff_t>(count),
                waiting.end()
            );
            save(staged);
            transaction.commit();
            settle(std::move(staged));
            return;
        } catch (const std::exception& error) {
            projector_->forget();
            if (failed == no_event || !blames_the_event(error)) throw;
            count = failed;
            waiting[count].reason = error.what();
            for (auto i = count + 1; i < waiting.size(); ++i) {
                waiting[i].reason = waits_for(waiting[count].position);
            }
        }
    }
}

store::Filter looked_at_by(const Projection& projection) {
    store::Filter filter;
    filter.types = projection.event_types;
    boost::mp11::mp_for_each<events::structs_of<events::ProjectionEvent>>([&filter](auto decision) {
        const std::string type(decision.event_type);
        if (std::ranges::find(filter.types, type) == filter.types.end())
            filter.types.push_back(type);
    });
    return filter;
}

void catch_up(Applier& applier, store::EventStore& store, Position upto, bool strictly) {
    while (applier.position() < upto) {
        auto events = store.read_all(
            applier.position() + 1, store::Filter{}, batch, store::Direction::forwards
        );
        while (!events.empty() && events.back().position > upto) events.pop_back();
        const auto reached = events.empty() ? upto : events.back().position;
        if (strictly) {
            applier.apply_strictly(events, reached);
        } else {
            applier.apply(events, reached);
        }
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
