#include "store/memory/memory_journal.hpp"

#include <algorithm>

#include "core/overloaded.hpp"

namespace vitrine::store::memory {
namespace {

AppendError error_of(AppendError::Kind kind, std::string detail, CommandId holder = {}) {
    AppendError error;
    error.kind = kind;
    error.detail = std::move(detail);
    error.holder = std::move(holder);
    return error;
}

}  // namespace

std::optional<CommandRecord> MemoryJournal::find(const TenantId& tenant, const CommandId& id) {
    const std::scoped_lock lock(mutex_);
    const auto found = rows_.find({tenant, id});
    return found == rows_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<CommandRecord> MemoryJournal::find_by_key(
    const TenantId& tenant, const std::string& idempotency_key
) {
    const std::scoped_lock lock(mutex_);
    const auto id = keys_.find({tenant, idempotency_key});
    return id == keys_.end() ? std::nullopt : std::optional(rows_.at({tenant, id->second}));
}

std::vector<CommandRecord> MemoryJournal::unfinished() {
    const std::scoped_lock lock(mutex_);
    std::vector<CommandRecord> records;
    for (const auto& [key, record] : rows_) {
        if (record.state == CommandState::accepted) records.push_back(record);
    }
    std::ranges::sort(records, {}, &CommandRecord::sequence);
    return records;
}

std::vector<CommandId> MemoryJournal::ended(
    const TenantId& tenant, Timestamp before, const CommandId& after, std::size_t limit
) {
    const std::scoped_lock lock(mutex_);
    std::vector<CommandId> ids;
    for (auto row = rows_.upper_bound({tenant, after});
         row != rows_.end() && row->first.first == tenant && ids.size() < limit;
         ++row) {
        const auto& record = row->second;
        if (record.state != CommandState::done || record.head.accepted_at >= before) continue;
        ids.push_back(record.head.id);
    }
    return ids;
}

std::vector<CommandRecord> MemoryJournal::list(
    const TenantId& tenant, const CommandFilter& filter
) {
    const std::scoped_lock lock(mutex_);
    std::vector<CommandRecord> records;
    for (const auto& [key, record] : rows_) {
        const bool wanted = record.tenant == tenant &&
                            is_listed(filter.which, record.state, record.succeeded) &&
                            (!filter.before || record.sequence < *filter.before);
        if (!wanted) continue;
        records.push_back(record);
        records.back().head.body = {};
        records.back().plan = {};
    }
    std::ranges::sort(records, std::ranges::greater(), &CommandRecord::sequence);
    if (records.size() > filter.limit) records.resize(filter.limit);
    return records;
}

std::optional<CommandId> MemoryJournal::holder(
    const TenantId& tenant, const Reservation& reservation
) {
    const std::scoped_lock lock(mutex_);
    const auto found = reservations_.find({tenant, reservation.kind, reservation.key});
    return found == reservations_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<AppendError> MemoryJournal::refuse(const TenantId& tenant, const JournalWrite& write)
    const {
    return std::visit(
        overloaded{
            [&](const Accept& accept) {
                return refuse_head(tenant, accept.head, accept.reservations);
            },
            [&](const Progress& progress) -> std::optional<AppendError> {
                const auto found = rows_.find({tenant, progress.id});
                if (found != rows_.end() && found->second.state == CommandState::accepted)
                    return std::nullopt;
                return error_of(
                    AppendError::Kind::unavailable,
                    "command " + progress.id.str() + " is not under way"
                );
            },
            [&](const Conclude& conclude) {
                return refuse_head(tenant, conclude.head, conclude.reservations);
            },
            [](const Prune&) -> std::optional<AppendError> { return std::nullopt; },
            [](const Hold&) -> std::optional<AppendError> { return std::nullopt; },
        },
        write
    );
}

std::optional<AppendError> MemoryJournal::refuse_head(
    const TenantId& tenant, const CommandHead& head, const std::vector<Reservation>& reservations
) const {
    const auto found = rows_.find({tenant, head.id});
    if (found != rows_.end() && found->second.state == CommandState::done)
        return error_of(AppendError::Kind::key_in_use, "the command has ended", head.id);
    if (head.idempotency_key) {
        const auto key = keys_.find({tenant, *head.idempotency_key});
        if (key != keys_.end() && key->second != head.id) {
            return error_of(
                AppendError::Kind::key_in_use,
                "the idempotency key belongs to another command",
                key->second
            );
        }
    }
    for (const auto& reservation : reservations) {
        const auto held = reservations_.find({tenant, reservation.kind, reservation.key});
        if (held == reservations_.end() || held->second == head.id) continue;
        auto error = error_of(
            AppendError::Kind::reserved,
            reservation.kind + " " + reservation.key + " belongs to another command",
            held->second
        );
        error.reservation = reservation;
        return error;
    }
    return std::nullopt;
}

/// The row of the command, made if there is none.
CommandRecord& MemoryJournal::row(const TenantId& tenant, const CommandHead& head) {
    const auto [found, is_new] = rows_.try_emplace({tenant, head.id});
    if (is_new) {
        found->second.tenant = tenant;
        found->second.head = head;
        found->second.sequence = ++sequence_;
        if (head.idempotency_key) keys_.emplace(std::pair(tenant, *head.idempotency_key), head.id);
    }
    return found->second;
}

void MemoryJournal::forget(const TenantId& tenant, const CommandId& id) {
    const auto found = rows_.find({tenant, id});
    if (found == rows_.end() || found->second.state != CommandState::done) return;
    if (const auto& key = found->second.head.idempotency_key) keys_.erase({tenant, *key});
    rows_.erase(found);
}

void MemoryJournal::reserve(
    const TenantId& tenant, const CommandId& id, const std::vector<Reservation>& reservations
) {
    for (const auto& reservation : reservations) {
        reservations_.emplace(ReservationKey(tenant, reservation.kind, reservation.key), id);
    }
}

void MemoryJournal::release(const TenantId& tenant, const HeldKey& key) {
    const auto held = reservations_.find({tenant, key.reservation.kind, key.reservation.key});
    if (held != reservations_.end() && held->second == key.holder) reservations_.erase(held);
}

void MemoryJournal::write(const TenantId& tenant, const JournalWrite& write, Position last) {
    std::visit(
        overloaded{
            [&](const Accept& accept) {
                auto& record = row(tenant, accept.head);
                record.state = CommandState::accepted;
                record.plan = accept.plan;
                record.answer.reset();
                record.succeeded = false;
                record.position = 0;
                reserve(tenant, accept.head.id, accept.reservations);
            },
            [&](const Progress& progress) { rows_.at({tenant, progress.id}).plan = progress.plan; },
            [&](const Conclude& conclude) {
                auto& record = row(tenant, conclude.head);
                record.state = conclude.state;
                record.answer = conclude.answer;
                record.succeeded = conclude.succeeded;
                record.position = last != 0 ? last : conclude.position;
                for (const auto& released : conclude.releases) release(tenant, released);
                reserve(tenant, conclude.head.id, conclude.reservations);
                if (!conclude.release_reservations) return;
                std::erase_if(reservations_, [&](const auto& held) {
                    return std::get<0>(held.first) == tenant && held.second == conclude.head.id;
                });
            },
            [&](const Prune& prune) {
                for (const auto& id : prune.ids) forget(tenant, id);
            },
            [&](const Hold& hold) {
                for (const auto& [reservation, holder] : hold.keys)
                    reserve(tenant, holder, {reservation});
            },
        },
        write
    );
}

}  // namespace vitrine::store::memory
