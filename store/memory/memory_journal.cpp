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

AppendError of_another(const CommandId& id) {
    return error_of(
        AppendError::Kind::not_owner, "command " + id.str() + " is another owner's", id
    );
}

AppendError has_ended(const CommandId& id) {
    return error_of(AppendError::Kind::key_in_use, "the command has ended", id);
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

std::vector<CommandRecord> MemoryJournal::unfinished(const std::string& owner, Timestamp now) {
    auto records = unfinished();
    std::erase_if(records, [&](const CommandRecord& record) {
        return !record.lease.is_open_to(owner, now);
    });
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

std::optional<CommandId> MemoryJournal::holder(const TenantId& tenant, const Claim& claim) {
    const std::scoped_lock lock(mutex_);
    const auto found = claims_.find({tenant, claim.kind, claim.key});
    return found == claims_.end() ? std::nullopt : std::optional(found->second);
}

const CommandRecord* MemoryJournal::known(const TenantId& tenant, const CommandId& id) const {
    const auto found = rows_.find({tenant, id});
    return found == rows_.end() ? nullptr : &found->second;
}

std::optional<AppendError> MemoryJournal::refuse(const TenantId& tenant, const JournalWrite& write)
    const {
    return std::visit(
        overloaded{
            [](const Prune&) -> std::optional<AppendError> { return std::nullopt; },
            [](const Hold&) -> std::optional<AppendError> { return std::nullopt; },
            [&](const auto& one) { return refuse_one(tenant, one); },
        },
        write
    );
}

std::optional<AppendError> MemoryJournal::refuse_one(const TenantId& tenant, const Accept& accept)
    const {
    if (const auto* row = known(tenant, accept.head.id)) {
        if (row->state == CommandState::done) return has_ended(accept.head.id);
        if (row->state == CommandState::accepted && row->lease.owner != accept.lease.owner)
            return of_another(accept.head.id);
    }
    if (auto refused = refuse_key(tenant, accept.head)) return refused;
    if (auto refused = refuse_stream(tenant, accept)) return refused;
    return refuse_claims(tenant, accept.head.id, accept.claims);
}

std::optional<AppendError> MemoryJournal::refuse_one(
    const TenantId& tenant, const Progress& progress
) const {
    const auto* row = known(tenant, progress.id);
    if (row != nullptr && row->lease.owner != progress.owner) return of_another(progress.id);
    if (row != nullptr && row->state == CommandState::accepted) return std::nullopt;
    return error_of(
        AppendError::Kind::unavailable, "command " + progress.id.str() + " is not under way"
    );
}

std::optional<AppendError> MemoryJournal::refuse_one(
    const TenantId& tenant, const Conclude& conclude
) const {
    const auto& id = conclude.head.id;
    const bool had_row = !conclude.owner.empty();
    if (const auto* row = known(tenant, id)) {
        if (row->lease.owner != conclude.owner && (had_row || row->state == CommandState::accepted))
            return of_another(id);
        if (row->state == CommandState::done) return has_ended(id);
    } else if (had_row) {
        return of_another(id);
    }
    if (auto refused = refuse_key(tenant, conclude.head)) return refused;
    return refuse_claims(tenant, id, conclude.claims);
}

std::optional<AppendError> MemoryJournal::refuse_one(const TenantId& tenant, const ConcludeAll& all)
    const {
    for (const auto& conclude : all.commands) {
        if (auto refused = refuse_one(tenant, conclude)) return refused;
    }
    return std::nullopt;
}

std::optional<AppendError> MemoryJournal::refuse_one(
    const TenantId& tenant, const TakeOver& take_over
) const {
    const auto* row = known(tenant, take_over.id);
    if (row != nullptr && row->state == CommandState::accepted &&
        row->lease.is_open_to(take_over.lease.owner, take_over.now))
        return std::nullopt;
    return of_another(take_over.id);
}

std::optional<AppendError> MemoryJournal::refuse_one(const TenantId&, const Renew& renew) const {
    for (const auto& [tenant, id] : renew.rows) {
        const auto* row = known(tenant, id);
        if (row == nullptr || row->lease.owner != renew.lease.owner) return of_another(id);
    }
    return std::nullopt;
}

std::optional<AppendError> MemoryJournal::refuse_key(
    const TenantId& tenant, const CommandHead& head
) const {
    if (!head.idempotency_key) return std::nullopt;
    const auto key = keys_.find({tenant, *head.idempotency_key});
    if (key == keys_.end() || key->second == head.id) return std::nullopt;
    return error_of(
        AppendError::Kind::key_in_use, "the idempotency key belongs to another command", key->second
    );
}

/// The first in the order of acceptance.
std::optional<AppendError> MemoryJournal::refuse_stream(
    const TenantId& tenant, const Accept& accept
) const {
    const CommandRecord* first = nullptr;
    for (const auto& [key, row] : rows_) {
        const bool at_work = row.tenant == tenant && row.head.stream == accept.head.stream &&
                             row.state == CommandState::accepted &&
                             row.lease.owner != accept.lease.owner &&
                             row.lease.until > accept.head.accepted_at;
        if (at_work && (first == nullptr || row.sequence < first->sequence)) first = &row;
    }
    if (first == nullptr) return std::nullopt;
    return error_of(
        AppendError::Kind::not_owner,
        "another owner's command is at work on the stream",
        first->head.id
    );
}

std::optional<AppendError> MemoryJournal::refuse_claims(
    const TenantId& tenant, const CommandId& id, const std::vector<Claim>& claims
) const {
    for (const auto& claim : claims) {
        const auto held = claims_.find({tenant, claim.kind, claim.key});
        if (held == claims_.end() || held->second == id) continue;
        auto error = error_of(
            AppendError::Kind::claimed,
            claim.kind + " " + claim.key + " belongs to another command",
            held->second
        );
        error.claim = claim;
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

void MemoryJournal::make_claims(
    const TenantId& tenant, const CommandId& id, const std::vector<Claim>& claims
) {
    for (const auto& claim : claims) {
        claims_.emplace(ClaimKey(tenant, claim.kind, claim.key), id);
    }
}

void MemoryJournal::release(const TenantId& tenant, const HeldClaim& key) {
    const auto held = claims_.find({tenant, key.claim.kind, key.claim.key});
    if (held != claims_.end() && held->second == key.holder) claims_.erase(held);
}

void MemoryJournal::conclude(const TenantId& tenant, const Conclude& conclude, Position last) {
    auto& record = row(tenant, conclude.head);
    record.state = conclude.state;
    record.answer = conclude.answer;
    record.succeeded = conclude.succeeded;
    record.position = last != 0 ? last : conclude.position;
    for (const auto& released : conclude.releases) release(tenant, released);
    make_claims(tenant, conclude.head.id, conclude.claims);
    if (!conclude.release_claims) return;
    std::erase_if(claims_, [&](const auto& held) {
        return std::get<0>(held.first) == tenant && held.second == conclude.head.id;
    });
}

void MemoryJournal::write(const TenantId& tenant, const JournalWrite& write, Position last) {
    std::visit(
        overloaded{
            [&](const Accept& accept) {
                auto& record = row(tenant, accept.head);
                record.state = CommandState::accepted;
                record.plan = accept.plan;
                record.lease = accept.lease;
                record.answer.reset();
                record.succeeded = false;
                record.position = 0;
                make_claims(tenant, accept.head.id, accept.claims);
            },
            [&](const Progress& progress) { rows_.at({tenant, progress.id}).plan = progress.plan; },
            [&](const Conclude& one) { conclude(tenant, one, last); },
            [&](const ConcludeAll& all) {
                for (const auto& one : all.commands) conclude(tenant, one, last);
            },
            [&](const Prune& prune) {
                for (const auto& id : prune.ids) forget(tenant, id);
            },
            [&](const Hold& hold) {
                for (const auto& [claim, holder] : hold.keys) make_claims(tenant, holder, {claim});
            },
            [&](const TakeOver& take_over) {
                rows_.at({tenant, take_over.id}).lease = take_over.lease;
            },
            [&](const Renew& renew) {
                for (const auto& name : renew.rows) {
                    const auto found = rows_.find({name.tenant, name.id});
                    if (found == rows_.end()) continue;
                    auto& row = found->second;
                    if (row.state == CommandState::accepted && row.lease.owner == renew.lease.owner)
                        row.lease.until = renew.lease.until;
                }
            },
        },
        write
    );
}

}  // namespace vitrine::store::memory
